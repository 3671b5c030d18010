import { Injectable } from '@nestjs/common';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import {
  TaskProjection,
  type LostSignature,
  type SignatureAnswer,
  type TaskState,
} from '../application/projection.ports.js';

@Injectable()
export class PgTaskProjection extends TaskProjection {
  async upsert(tx: Tx, tasks: readonly TaskState[]): Promise<void> {
    const column = <T>(of: (task: TaskState) => T) => tasks.map(of);
    await tx.query(
      {
        name: 'upsert-tasks',
        text: `INSERT INTO approval_task AS t (declaration_id, kind, service_code, achievement_date, organisation_code,
                      commissioner_code, payment_period, status, stage, held, awaiting_aggregation, late, pence,
                      declaration_version, revision, declared_by, commissioner_signed_by, since, tier, tier_role, signed_by)
               SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::date[], $5::text[], $6::text[], $7::text[],
                      $8::text[], $9::text[], $10::boolean[], $11::boolean[], $12::boolean[], $13::bigint[],
                      $14::bigint[], $15::bigint[], $16::text[], $17::text[], $18::timestamptz[], $19::text[], $20::text[],
                      $21::jsonb[]) AS n(id)
                ORDER BY n.id
               ON CONFLICT (declaration_id) DO UPDATE SET
                      commissioner_code = excluded.commissioner_code, payment_period = excluded.payment_period,
                      status = excluded.status, stage = excluded.stage, held = excluded.held,
                      awaiting_aggregation = excluded.awaiting_aggregation, late = excluded.late,
                      pence = excluded.pence, declaration_version = excluded.declaration_version,
                      revision = excluded.revision, declared_by = excluded.declared_by,
                      commissioner_signed_by = excluded.commissioner_signed_by, since = excluded.since,
                      tier = excluded.tier, tier_role = excluded.tier_role, signed_by = excluded.signed_by
                WHERE t.revision < excluded.revision`,
      },
      [
        plainArray(column((t) => t.state.declarationId)),
        textArray(column((t) => t.state.kind)),
        textArray(column((t) => t.state.serviceCode)),
        plainArray(column((t) => t.state.achievementDate)),
        textArray(column((t) => t.state.organisationCode)),
        textArray(column((t) => t.state.commissionerCode)),
        textArray(column((t) => t.state.paymentPeriod)),
        textArray(column((t) => t.state.status)),
        textArray(column((t) => t.stage)),
        plainArray(column((t) => t.state.holds.length > 0)),
        plainArray(column((t) => t.state.awaitingAggregation)),
        plainArray(column((t) => t.state.late)),
        plainArray(column((t) => t.state.pence)),
        plainArray(column((t) => t.state.declarationVersion)),
        plainArray(column((t) => t.state.revision)),
        textArray(column((t) => t.state.declaredBy)),
        textArray(column((t) => t.state.commissionerSignedBy)),
        plainArray(column((t) => t.since)),
        textArray(column((t) => t.tier?.name ?? null)),
        textArray(column((t) => t.tier?.role ?? null)),
        textArray(
          column((t) => JSON.stringify((t.state.commissionerSignatures ?? []).map((s) => s.personId))),
        ),
      ],
    );
  }

  async revisions(tx: Tx, declarationIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { rows } = await tx.query<{ id: string; revision: bigint }>(
      {
        name: 'task-revisions',
        text: 'SELECT declaration_id AS id, revision FROM approval_task WHERE declaration_id = ANY($1::uuid[])',
      },
      [plainArray(declarationIds)],
    );
    return new Map(rows.map(({ id, revision }) => [id, Number(revision)]));
  }

  async endLost(tx: Tx, lost: readonly LostSignature[]): Promise<void> {
    const { rows } = await tx.query<{ approval_id: string; place: number }>(
      {
        name: 'pending-of-lost',
        // A task's number is that of what is pending on it. Where nothing is, the next signature stands above the lost one.
        text: `WITH lost AS (SELECT * FROM unnest($1::uuid[], $2::bigint[]) WITH ORDINALITY AS l(declaration_id, approval_version, place)),
               passed AS (
                 UPDATE approval_task t SET approval_version = l.approval_version
                   FROM (SELECT declaration_id, max(approval_version) AS approval_version FROM lost GROUP BY 1) l
                  WHERE t.declaration_id = l.declaration_id AND t.pending_approval_id IS NULL
                    AND t.approval_version < l.approval_version)
               SELECT t.pending_approval_id AS approval_id, l.place::int AS place
                 FROM lost l JOIN approval_task t USING (declaration_id, approval_version)
                WHERE t.pending_approval_id IS NOT NULL`,
      },
      [plainArray(lost.map((l) => l.declarationId)), plainArray(lost.map((l) => l.approvalVersion))],
    );
    if (rows.length === 0) return;
    const answers = rows.map(({ approval_id: approvalId, place }): SignatureAnswer => {
      const { code, words, at } = lost[place - 1]!;
      return { approvalId, state: 'refused', code, words, approvalVersion: null, at };
    });
    await this.answer(tx, answers);
  }

  async pendingOf(
    tx: Tx,
    declarations: readonly { readonly declarationId: string; readonly revision: number | null }[],
  ): Promise<string[]> {
    const { rows } = await tx.query<{ approval_id: string }>(
      {
        name: 'pending-of',
        text: `SELECT DISTINCT t.pending_approval_id AS approval_id
                 FROM unnest($1::uuid[], $2::bigint[]) AS d(declaration_id, revision)
                 JOIN approval_task t USING (declaration_id)
                WHERE t.pending_approval_id IS NOT NULL AND (d.revision IS NULL OR d.revision > t.revision)`,
      },
      [plainArray(declarations.map((d) => d.declarationId)), plainArray(declarations.map((d) => d.revision))],
    );
    return rows.map((row) => row.approval_id);
  }

  async answer(tx: Tx, answers: readonly SignatureAnswer[]): Promise<void> {
    await tx.query(
      {
        name: 'answer-signatures',
        text: `WITH answer AS (
                 SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])
                        AS a(approval_id, state, code, words, at, approval_version)),
               answered AS (
                 UPDATE signature s SET state = a.state, answer_code = a.code, answer_words = a.words, answered_at = a.at
                   FROM answer a WHERE s.approval_id = a.approval_id AND s.state = 'pending'
                 RETURNING s.approval_id, s.declaration_id, s.state, s.answer_code, s.answer_words, a.approval_version),
               freed AS (
                 UPDATE approval_task t SET pending_approval_id = NULL,
                        approval_version = greatest(t.approval_version, d.approval_version)
                   FROM answered d WHERE t.declaration_id = d.declaration_id AND t.pending_approval_id = d.approval_id)
               UPDATE bulk_approval_item i SET state = d.state, code = d.answer_code, words = d.answer_words
                 FROM answered d WHERE i.approval_id = d.approval_id`,
      },
      [
        plainArray(answers.map((a) => a.approvalId)),
        textArray(answers.map((a) => a.state)),
        textArray(answers.map((a) => a.code)),
        textArray(answers.map((a) => a.words)),
        plainArray(answers.map((a) => a.at)),
        plainArray(answers.map((a) => a.approvalVersion)),
      ],
    );
  }
}
