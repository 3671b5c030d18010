import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { type Correction, CorrectionStore } from '../../application/signing/proposal.ports.js';
import { sayDecided } from './proposal.sql.js';

@Injectable()
export class PgCorrectionStore extends CorrectionStore {
  async add(tx: Tx, c: Correction): Promise<boolean> {
    const { rowCount } = await tx.query(
      `INSERT INTO declaration_correction
         (correction_id, declaration_id, attempt, what, reason, proposed_by, proposed_for, proposed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (declaration_id, attempt) WHERE withdrawn_at IS NULL DO NOTHING`,
      [
        c.correctionId,
        c.declarationId,
        c.attempt,
        c.what,
        c.reason,
        c.proposedBy,
        c.proposedFor,
        c.proposedAt,
      ],
    );
    return rowCount === 1;
  }

  async find(tx: Tx, declarationId: string, correctionId: string): Promise<Correction | undefined> {
    const { rows } = await tx.query<Correction>(
      `SELECT correction_id AS "correctionId", declaration_id AS "declarationId", attempt, what, reason,
              proposed_by AS "proposedBy", proposed_for AS "proposedFor", proposed_at AS "proposedAt"
       FROM declaration_correction WHERE correction_id = $1 AND declaration_id = $2 AND withdrawn_at IS NULL`,
      [correctionId, declarationId],
    );
    return rows[0];
  }

  confirm(tx: Tx, correctionId: string, personId: string, at: Date): Promise<void> {
    return sayDecided(tx, 'correction', 'confirmed', correctionId, personId, at);
  }

  withdraw(tx: Tx, correctionId: string, personId: string, at: Date): Promise<void> {
    return sayDecided(tx, 'correction', 'withdrawn', correctionId, personId, at);
  }
}
