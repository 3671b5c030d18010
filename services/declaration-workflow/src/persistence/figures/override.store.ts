import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { OverrideStore, type SignedOverride } from '../../application/figures/figures.ports.js';

@Injectable()
export class PgOverrideStore extends OverrideStore {
  async add(tx: Tx, signed: SignedOverride): Promise<void> {
    const { kept, instead, reason, signedBy, signedFor, signedAt } = signed.override;
    await tx.query(
      `INSERT INTO declaration_override
         (override_id, declaration_id, hold_id, pcn_code, membership_version, kept_revision, kept_pence, instead_pence,
          declaration_version, reason, signed_by, signed_for, signed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        signed.overrideId,
        signed.declarationId,
        signed.holdId,
        signed.pcnCode,
        signed.membershipVersion,
        kept.revision,
        kept.pence,
        instead?.pence ?? null,
        signed.declarationVersion,
        reason,
        signedBy,
        signedFor,
        signedAt,
      ],
    );
  }
}
