import type { Payee } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { PayeeStore } from '../application/payee-store.js';
import type { Reading } from '../application/ports.js';
import type { PayeeChange } from '../domain/payees/payee-change.js';

export const PAYEE_CHANGE_COLUMNS = `p.change_id AS "changeId", p.provider_code AS "providerCode", p.payee,
  p.former_payee AS "formerPayee", p.reason, p.status, p.proposed_by AS "proposedBy", p.proposed_at AS "proposedAt",
  p.decided_by AS "decidedBy", p.decided_at AS "decidedAt"`;

@Injectable()
export class PgPayeeStore extends PayeeStore {
  override async waiting(tx: Tx, providerCode: string): Promise<PayeeChange | null> {
    const { rows } = await tx.query<PayeeChange>(
      `SELECT ${PAYEE_CHANGE_COLUMNS} FROM payee_change p WHERE p.provider_code = $1 AND p.status = 'PROPOSED'`,
      [providerCode],
    );
    return rows[0] ?? null;
  }

  override async byId(where: Reading, changeId: string): Promise<PayeeChange | null> {
    const { rows } = await where.query<PayeeChange>(
      `SELECT ${PAYEE_CHANGE_COLUMNS} FROM payee_change p WHERE p.change_id = $1`,
      [changeId],
    );
    return rows[0] ?? null;
  }

  override async save(tx: Tx, c: PayeeChange): Promise<void> {
    await tx.query(
      `WITH saved AS (
         INSERT INTO payee_change AS p (change_id, provider_code, payee, former_payee, reason, status, proposed_by,
                                        proposed_at, decided_by, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (change_id) DO UPDATE SET
           status = excluded.status, decided_by = excluded.decided_by, decided_at = excluded.decided_at
         RETURNING p.*)
       INSERT INTO payee_change_history (change_id, status, at, person_id, provider_code, payee_code, payee_name,
                                         account_reference, reason)
       SELECT change_id, status, coalesce(decided_at, proposed_at), coalesce(decided_by, proposed_by), provider_code,
              payee->>'payeeCode', payee->>'payeeName', payee->>'accountReference', reason FROM saved`,
      [
        c.changeId,
        c.providerCode,
        c.payee,
        c.formerPayee,
        c.reason,
        c.status,
        c.proposedBy,
        c.proposedAt,
        c.decidedBy,
        c.decidedAt,
      ],
    );
  }

  override async confirmed(tx: Tx): Promise<Map<string, Payee>> {
    // One at a time waits per provider, and ids ascend in time: the newest id is the last that was confirmed.
    const { rows } = await tx.query<Pick<PayeeChange, 'providerCode' | 'payee'>>(
      `SELECT DISTINCT ON (provider_code) provider_code AS "providerCode", payee FROM payee_change
       WHERE status = 'CONFIRMED' ORDER BY provider_code, change_id DESC`,
    );
    return new Map(rows.map(({ providerCode, payee }) => [providerCode, payee]));
  }
}
