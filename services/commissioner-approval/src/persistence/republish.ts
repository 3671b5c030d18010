import { ApprovalSignedV1, ApprovalStageRefusedV1, newEvent, type ApprovalStage } from '@attest/contracts';
import {
  pageOfRows,
  Republishes,
  type RepublishedPage,
  type Republishing,
  type RepublishSlice,
} from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';

interface StoredSignature {
  readonly approvalId: string;
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly stage: ApprovalStage;
  readonly decision: 'approve' | 'refuse';
  readonly personId: string;
  readonly forOrganisation: string;
  readonly signedAt: Date;
  readonly bulkId: string | null;
  readonly approvalVersion: bigint;
  readonly tier: string | null;
  readonly reason: string | null;
}

/**
 * Every signature of a declaration in its order, answered or pending: a pending one may be what declaration-workflow
 * has missed. The tasks are locked, so what is signed next comes after. One that was answered is known there by its id.
 */
@Injectable()
@Republishes(ApprovalSignedV1, ApprovalStageRefusedV1)
export class RepublishSignatures implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const slice = [after?.[0] ?? null, after?.[1] ?? null, keys, limit];
    // Signatures from before their number was kept are numbered as they were given; the pending one has its task's.
    const numbered = `
      SELECT s.*, coalesce(s.approval_version,
               CASE WHEN t.pending_approval_id = s.approval_id THEN t.approval_version
                    ELSE (SELECT count(*) FROM signature e
                          WHERE e.declaration_id = s.declaration_id AND (e.signed_at, e.approval_id) <= (s.signed_at, s.approval_id))
               END) AS number
      FROM signature s JOIN approval_task t USING (declaration_id)
      WHERE ($1::uuid IS NULL OR s.declaration_id >= $1) AND ($3::text[] IS NULL OR s.declaration_id = ANY ($3::uuid[]))`;
    const page = `
      SELECT * FROM (${numbered}) n
      WHERE $1::uuid IS NULL OR (n.declaration_id, n.number) > ($1, $2::bigint)
      ORDER BY n.declaration_id, n.number LIMIT $4`;
    await tx.query(
      `SELECT FROM approval_task WHERE declaration_id IN (SELECT declaration_id FROM (${page}) p)
       ORDER BY declaration_id FOR SHARE NOWAIT`,
      slice,
    );
    const { rows } = await tx.query<StoredSignature>(
      `SELECT approval_id AS "approvalId", declaration_id AS "declarationId", declaration_version AS "declarationVersion",
              stage, decision, person_id AS "personId", for_organisation AS "forOrganisation", signed_at AS "signedAt",
              bulk_id AS "bulkId", number AS "approvalVersion", tier, reason
       FROM (${page}) p ORDER BY declaration_id, number`,
      slice,
    );
    return pageOfRows(rows, limit, (row) => [row.declarationId, String(row.approvalVersion)], eventOf);
  }
}

function eventOf({ decision, reason, tier, signedAt, ...row }: StoredSignature) {
  const facts = {
    ...row,
    declarationVersion: Number(row.declarationVersion),
    approvalVersion: Number(row.approvalVersion),
    at: signedAt.toISOString(),
    ...(tier === null ? {} : { tier }),
  };
  return decision === 'approve'
    ? newEvent(ApprovalSignedV1, facts)
    : newEvent(ApprovalStageRefusedV1, { ...facts, reason: reason ?? '' });
}
