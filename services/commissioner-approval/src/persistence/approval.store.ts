import { Injectable } from '@nestjs/common';
import type { ApprovalRole, DeclarationStatus } from '@attest/contracts';
import { versionAfter } from '@attest/messaging';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { ApprovalStore, type LockedTask, type NewSignature } from '../application/ports.js';
import { tierSigned } from '../domain/task.js';
import { isParked } from './parked.sql.js';

interface TaskRow {
  declaration_id: string;
  kind: 'achievement' | 'adjustment';
  status: DeclarationStatus;
  commissioner_code: string;
  held: boolean;
  awaiting_aggregation: boolean;
  declaration_version: bigint;
  declared_by: string | null;
  commissioner_signed_by: string | null;
  pending_approval_id: string | null;
  approval_version: bigint;
  tier: string | null;
  tier_role: ApprovalRole | null;
  signed_by: string[];
  parked: boolean;
}

@Injectable()
export class PgApprovalStore extends ApprovalStore {
  async lockTasks(tx: Tx, declarationIds: readonly string[]): Promise<Map<string, LockedTask>> {
    const { rows } = await tx.query<TaskRow>(
      {
        name: 'lock-tasks',
        text: `SELECT declaration_id, kind, status, commissioner_code, held, awaiting_aggregation, declaration_version,
                      declared_by, commissioner_signed_by, pending_approval_id, approval_version, tier, tier_role,
                      signed_by, ${isParked('t')} AS parked
                 FROM approval_task t WHERE declaration_id = ANY($1::uuid[])
                ORDER BY declaration_id FOR UPDATE`,
      },
      [plainArray(declarationIds)],
    );
    return new Map(
      rows.map((row) => [
        row.declaration_id,
        {
          declarationId: row.declaration_id,
          kind: row.kind,
          status: row.status,
          commissionerCode: row.commissioner_code,
          held: row.held,
          awaitingAggregation: row.awaiting_aggregation,
          declarationVersion: row.declaration_version,
          declaredBy: row.declared_by,
          commissionerSignedBy: row.commissioner_signed_by,
          pendingApprovalId: row.pending_approval_id,
          approvalVersion: row.approval_version,
          tier: row.tier !== null && row.tier_role !== null ? { name: row.tier, role: row.tier_role } : null,
          signedBy: row.signed_by,
          parked: row.parked,
        },
      ]),
    );
  }

  async addSignatures(tx: Tx, signatures: readonly NewSignature[]): Promise<void> {
    const first = signatures[0]!;
    await tx.query(
      {
        name: 'add-signatures',
        text: `WITH signed AS (
                 INSERT INTO signature (approval_id, declaration_id, declaration_version, stage, decision, person_id,
                                        for_organisation, reason, signed_at, bulk_id, tier, approval_version)
                 SELECT s.approval_id, s.declaration_id, s.declaration_version, $5, $6, $7, s.for_organisation, $8, $9, $10, s.tier, ${versionAfter('s.known_version')}
                   FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $11::text[], $12::bigint[])
                        AS s(approval_id, declaration_id, declaration_version, for_organisation, tier, known_version)
                 RETURNING declaration_id, approval_id)
               UPDATE approval_task t
                  SET pending_approval_id = signed.approval_id, last_approval_id = signed.approval_id,
                      approval_version = ${versionAfter('t.approval_version')}
                 FROM signed WHERE t.declaration_id = signed.declaration_id`,
      },
      [
        plainArray(signatures.map((s) => s.approvalId)),
        plainArray(signatures.map((s) => s.task.declarationId)),
        plainArray(signatures.map((s) => s.task.declarationVersion)),
        textArray(signatures.map((s) => s.task.commissionerCode)),
        first.stage,
        first.decision,
        first.personId,
        first.reason,
        first.signedAt,
        first.bulkId,
        textArray(signatures.map((s) => tierSigned(s))),
        plainArray(signatures.map((s) => s.task.approvalVersion)),
      ],
    );
  }
}
