import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { OutsideSettlementStore, type OutsideSettlement } from '../../application/signing/proposal.ports.js';
import { sayDecided } from './proposal.sql.js';

@Injectable()
export class PgOutsideSettlementStore extends OutsideSettlementStore {
  async add(tx: Tx, s: OutsideSettlement): Promise<boolean> {
    const { rowCount } = await tx.query(
      `INSERT INTO outside_settlement
         (settlement_id, declaration_id, declaration_version, pence, note, proposed_by, proposed_for, proposed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (declaration_id, declaration_version) WHERE withdrawn_at IS NULL DO NOTHING`,
      [
        s.settlementId,
        s.declarationId,
        s.declarationVersion,
        s.pence,
        s.note,
        s.proposedBy,
        s.proposedFor,
        s.proposedAt,
      ],
    );
    return rowCount === 1;
  }

  async find(tx: Tx, declarationId: string, settlementId: string): Promise<OutsideSettlement | undefined> {
    const { rows } = await tx.query<Omit<OutsideSettlement, 'declarationVersion'> & { version: bigint }>(
      `SELECT settlement_id AS "settlementId", declaration_id AS "declarationId", declaration_version AS version, pence, note,
              proposed_by AS "proposedBy", proposed_for AS "proposedFor", proposed_at AS "proposedAt"
       FROM outside_settlement WHERE settlement_id = $1 AND declaration_id = $2 AND withdrawn_at IS NULL`,
      [settlementId, declarationId],
    );
    const row = rows[0];
    if (!row) return undefined;
    const { version, ...settlement } = row;
    return { ...settlement, declarationVersion: Number(version) };
  }

  confirm(tx: Tx, settlementId: string, personId: string, at: Date): Promise<void> {
    return sayDecided(tx, 'settlement', 'confirmed', settlementId, personId, at);
  }

  withdraw(tx: Tx, settlementId: string, personId: string, at: Date): Promise<void> {
    return sayDecided(tx, 'settlement', 'withdrawn', settlementId, personId, at);
  }
}
