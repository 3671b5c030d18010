import { Parameters, plainArray, type Tx } from '@attest/persistence';
import type { CausedStep, ChangedDeclaration, WrittenBatch } from '../../application/core/written-batch.js';
import type { KeptResult } from '../../application/figures/figures.ports.js';
import { changedColumns, COLUMNS } from './declaration.columns.js';
import { prepared, selectRows, type Column } from './unnest.js';

/** Somebody wrote without the lock: the transaction is given up rather than a write lost. */
class DeclarationsMovedError extends Error {
  /** As a serialisation failure, which is tried again. */
  readonly code = '40001';
  constructor(wanted: number, written: number) {
    super(`${wanted - written} of ${wanted} declarations had moved since they were locked`);
  }
}

/** Declarations, history and results in one statement; in two where some are opened while others change. */
export async function writeBatch(tx: Tx, batch: WrittenBatch): Promise<void> {
  const { opened, changed } = batch;
  // What lapses leaves its place to what is opened, so the change comes first; parts of one statement have no order.
  if (opened.length > 0 && changed.length > 0)
    await write(tx, { ...batch, opened: [], steps: [], results: [] });
  await write(tx, opened.length > 0 ? { ...batch, changed: [] } : batch);
}

async function write(tx: Tx, { opened, changed, steps, results, at }: WrittenBatch): Promise<void> {
  const historic = steps.filter(({ step }) => step.historic);
  const parameters = new Parameters();
  const parts: string[] = [];
  if (opened.length > 0)
    parts.push(
      `opened AS (INSERT INTO declaration (${namesOf(COLUMNS)}) ${selectRows(COLUMNS, opened, parameters)})`,
    );
  if (changed.length > 0) parts.push(`moved AS (${updateOf(changed, parameters)} RETURNING 1)`);
  if (historic.length > 0) {
    const columns = historyColumns(at);
    parts.push(
      `told AS (INSERT INTO declaration_history (${namesOf(columns)}) ${selectRows(columns, historic, parameters)})`,
    );
  }
  if (results.length > 0) {
    const columns = resultColumns(at);
    // The same figures once more are the same row.
    parts.push(
      `kept AS (INSERT INTO achievement_result (${namesOf(columns)}) ${selectRows(columns, results, parameters)} ON CONFLICT DO NOTHING)`,
    );
  }
  if (parts.length === 0) return;
  const answer = changed.length > 0 ? '(SELECT count(*)::int FROM moved)' : '0';
  const { rows } = await tx.query<{ moved: number }>(
    prepared('write-declarations', `WITH ${parts.join(',\n')} SELECT ${answer} AS moved`),
    parameters.values,
  );
  const { moved } = rows[0]!;
  if (moved !== changed.length) throw new DeclarationsMovedError(changed.length, moved);
}

const namesOf = <T>(columns: readonly Column<T>[]): string => columns.map((c) => c.name).join(', ');

/** Only the revision that was read is overwritten, and only what differs is sent. */
function updateOf(changed: readonly ChangedDeclaration[], parameters: Parameters): string {
  const columns = changedColumns(changed);
  const rows = selectRows<ChangedDeclaration>(
    [
      { name: 'id', type: 'uuid', of: ({ before }) => before.declarationId },
      { name: 'known_revision', type: 'bigint', of: ({ before }) => before.revision },
      ...columns.map(({ name, type, of }) => ({
        name,
        type,
        of: ({ after }: ChangedDeclaration) => of(after),
      })),
    ],
    changed,
    parameters,
  );
  // Locked rows that turned out the same still count as written.
  const set =
    columns.length > 0 ? columns.map(({ name }) => `${name} = n.${name}`) : ['revision = d.revision'];
  // Named once more, because nobody could foresee that so few of all declarations are meant: they would all be read.
  const ids = parameters.add(plainArray(changed.map(({ before }) => before.declarationId)));
  return `UPDATE declaration d SET ${set.join(', ')} FROM (${rows}) AS n
          WHERE d.declaration_id = ANY(${ids}::uuid[]) AND d.declaration_id = n.id AND d.revision = n.known_revision`;
}

const historyColumns = (at: Date): readonly Column<CausedStep>[] => [
  { name: 'declaration_id', type: 'uuid', of: ({ step }) => step.after.declarationId },
  { name: 'revision', type: 'bigint', of: ({ step }) => step.after.revision },
  { name: 'action', type: 'text', of: ({ step }) => step.action },
  { name: 'from_status', type: 'text', of: ({ step }) => step.from },
  { name: 'to_status', type: 'text', of: ({ step }) => step.after.status },
  { name: 'actor', type: 'text', of: ({ step }) => step.why.actor },
  { name: 'person_id', type: 'text', of: ({ step }) => step.why.personId },
  { name: 'for_organisation', type: 'text', of: ({ step }) => step.why.forOrganisation },
  { name: 'at', type: 'timestamptz', of: () => at },
  { name: 'reason', type: 'text', of: ({ step }) => step.why.reason },
  { name: 'code', type: 'text', of: ({ step }) => step.why.code },
  { name: 'approval_id', type: 'uuid', of: ({ step }) => step.why.approvalId },
  { name: 'declaration_version', type: 'bigint', of: ({ step }) => step.after.declarationVersion },
  { name: 'figure_revision', type: 'bigint', of: ({ step }) => step.after.latest.revision },
  { name: 'pence', type: 'bigint', of: ({ step }) => step.after.pence },
  { name: 'previous_pence', type: 'bigint', of: ({ step }) => step.why.previousPence },
  { name: 'holds', type: 'jsonb', of: ({ step }) => JSON.stringify(step.after.holds) },
  { name: 'run_id', type: 'uuid', of: ({ step }) => step.after.runId },
  { name: 'attempt', type: 'integer', of: ({ step }) => step.after.attempt },
  { name: 'cause_event_id', type: 'uuid', of: ({ causeEventId }) => causeEventId },
];

const resultColumns = (at: Date): readonly Column<KeptResult>[] => [
  { name: 'organisation_code', type: 'text', of: (r) => r.achievement.organisationCode },
  { name: 'service_code', type: 'text', of: (r) => r.achievement.serviceCode },
  { name: 'achievement_date', type: 'date', of: (r) => r.achievement.achievementDate },
  { name: 'figure_revision', type: 'bigint', of: (r) => r.figures.revision },
  { name: 'pence', type: 'bigint', of: (r) => r.figures.pence },
  { name: 'points', type: 'text', of: (r) => r.detail.points },
  { name: 'not_applicable', type: 'text', of: (r) => r.figures.notApplicable },
  { name: 'declared_values', type: 'jsonb', of: (r) => JSON.stringify(r.detail.values) },
  { name: 'inputs', type: 'jsonb', of: (r) => JSON.stringify(r.detail.inputs) },
  { name: 'event_id', type: 'uuid', of: (r) => r.eventId },
  { name: 'arrived_at', type: 'timestamptz', of: () => at },
];
