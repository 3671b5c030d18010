import { plainArray, textArray, type Tx } from '@attest/persistence';
import type { CausedStep, WrittenBatch } from '../application/declaration-batch.js';
import {
  INSERT_DECLARATIONS,
  insertValues,
  UPDATE_DECLARATIONS,
  updateValues,
} from './declaration.columns.js';

/** Somebody wrote without the lock: the transaction is given up rather than a write lost. */
class DeclarationsMovedError extends Error {
  /** As a serialisation failure, which is tried again. */
  readonly code = '40001';
  constructor(wanted: number, written: number) {
    super(`${wanted - written} of ${wanted} declarations had moved since they were locked`);
  }
}

/** One statement per table, in the order that foreign keys want. */
export async function writeBatch(tx: Tx, batch: WrittenBatch): Promise<void> {
  if (batch.opened.length > 0) await tx.query(INSERT_DECLARATIONS, insertValues(batch.opened));
  if (batch.changed.length > 0) {
    const { rowCount } = await tx.query(UPDATE_DECLARATIONS, updateValues(batch.changed));
    if (rowCount !== batch.changed.length) throw new DeclarationsMovedError(batch.changed.length, rowCount);
  }
  const historic = batch.steps.filter(({ step }) => step.historic);
  if (historic.length > 0) await writeHistory(tx, batch.at, historic);
  if (batch.results.length > 0) await writeResults(tx, batch);
}

async function writeHistory(tx: Tx, at: Date, steps: readonly CausedStep[]): Promise<void> {
  const plain = (of: (one: CausedStep) => string | number | bigint | null): string =>
    plainArray(steps.map(of));
  const text = (of: (one: CausedStep) => string | null | undefined): string => textArray(steps.map(of));
  await tx.query(
    {
      name: 'insert-history',
      text: `INSERT INTO declaration_history
               (declaration_id, revision, action, from_status, to_status, actor, person_id, for_organisation, at, reason,
                code, approval_id, declaration_version, figure_revision, pence, previous_pence, holds, run_id, attempt, cause_event_id)
             SELECT u.id, u.revision, u.action, u.from_status, u.to_status, u.actor, u.person_id, u.for_organisation,
                    $20::timestamptz, u.reason, u.code, u.approval_id, u.declaration_version, u.figure_revision, u.pence,
                    u.previous_pence, u.holds, u.run_id, u.attempt, u.cause
             FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                         $9::text[], $10::text[], $11::uuid[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
                         $16::jsonb[], $17::uuid[], $18::integer[], $19::uuid[])
                  AS u(id, revision, action, from_status, to_status, actor, person_id, for_organisation, reason, code,
                       approval_id, declaration_version, figure_revision, pence, previous_pence, holds, run_id, attempt, cause)`,
    },
    [
      plain(({ step }) => step.after.declarationId),
      plain(({ step }) => step.after.revision),
      plain(({ step }) => step.action),
      plain(({ step }) => step.from),
      plain(({ step }) => step.after.status),
      plain(({ step }) => step.why.actor),
      text(({ step }) => step.why.personId),
      text(({ step }) => step.why.forOrganisation),
      text(({ step }) => step.why.reason),
      text(({ step }) => step.why.code),
      plain(({ step }) => step.why.approvalId ?? null),
      plain(({ step }) => step.after.declarationVersion),
      plain(({ step }) => step.after.latest.revision),
      plain(({ step }) => step.after.pence),
      plain(({ step }) => step.why.previousPence ?? null),
      text(({ step }) => JSON.stringify(step.after.holds)),
      plain(({ step }) => step.after.runId),
      plain(({ step }) => step.after.attempt),
      plain(({ causeEventId }) => causeEventId),
      at,
    ],
  );
}

async function writeResults(tx: Tx, { results, at }: WrittenBatch): Promise<void> {
  await tx.query(
    {
      name: 'insert-results',
      // The same figures once more are the same row.
      text: `INSERT INTO achievement_result
               (service_code, achievement_date, organisation_code, figure_revision, pence, points, not_applicable,
                declared_values, inputs, event_id, arrived_at)
             SELECT u.*, $11::timestamptz
             FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::text[],
                         $8::jsonb[], $9::jsonb[], $10::uuid[]) AS u
             ON CONFLICT DO NOTHING`,
    },
    [
      textArray(results.map((r) => r.achievement.serviceCode)),
      plainArray(results.map((r) => r.achievement.achievementDate)),
      textArray(results.map((r) => r.achievement.organisationCode)),
      plainArray(results.map((r) => r.figures.revision)),
      plainArray(results.map((r) => r.figures.pence)),
      textArray(results.map((r) => r.detail.points)),
      textArray(results.map((r) => r.figures.notApplicable)),
      textArray(results.map((r) => JSON.stringify(r.detail.values))),
      textArray(results.map((r) => JSON.stringify(r.detail.inputs))),
      plainArray(results.map((r) => r.eventId)),
      at,
    ],
  );
}
