import type { LondonDate } from '@attest/calendar';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { StatementStore, type MembershipChange } from '../application/ports.js';
import type { Spell } from '../domain/memberships/spell.js';
import type { Statement } from '../domain/memberships/statements.js';
import { mayNameUnread, namesOf, sayerOf, type Standing } from '../domain/register/standing.js';

type HistoryRow = { fileId: string; practice_code: string } & Spell;
type SnapshotRow = { fileId: string; practice_code: string; pcn_code: string | null };
type ChangeRow = {
  practice_code: string;
  received: bigint;
  leaves: string | null;
  joins: string | null;
  effective_on: LondonDate;
  ranks_on: LondonDate;
};

@Injectable()
export class PgStatementStore extends StatementStore {
  override async load(
    tx: Tx,
    standing: Standing,
    practiceCodes?: readonly string[],
  ): Promise<Map<string, Statement[]>> {
    const files = standing.fileIds;
    const those = practiceCodes ?? null;
    const histories = await tx.query<HistoryRow>(
      `SELECT file_id AS "fileId", practice_code, pcn_code AS "pcnCode", from_on AS "from", to_on AS "to"
       FROM membership_history WHERE file_id = ANY($1) AND ($2::text[] IS NULL OR practice_code = ANY($2))`,
      [files, those],
    );
    const snapshots = await tx.query<SnapshotRow>(
      `SELECT file_id AS "fileId", practice_code, pcn_code
       FROM membership_snapshot WHERE file_id = ANY($1) AND ($2::text[] IS NULL OR practice_code = ANY($2))`,
      [files, those],
    );
    const changes = await tx.query<ChangeRow>(
      // A file dated ahead of its day may have stood when the change was recorded: it is withdrawn, and ranks nothing.
      `SELECT practice_code, received, leaves, joins, effective_on,
              least(ranks_on, greatest(effective_on, (recorded_at AT TIME ZONE 'Europe/London')::date)) AS ranks_on
       FROM membership_change WHERE $1::text[] IS NULL OR practice_code = ANY($1)`,
      [those],
    );
    return assemble(standing, histories.rows, snapshots.rows, changes.rows);
  }

  override async addChanges(tx: Tx, changes: readonly MembershipChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `INSERT INTO membership_change (change_id, practice_code, leaves, joins, effective_on, ranks_on, reason, recorded_by, recorded_at)
       SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[], $8::text[], $9::timestamptz[])`,
      [
        plainArray(changes.map((c) => c.changeId)),
        textArray(changes.map((c) => c.practiceCode)),
        textArray(changes.map((c) => c.leaves)),
        textArray(changes.map((c) => c.joins)),
        plainArray(changes.map((c) => c.effectiveOn)),
        plainArray(changes.map((c) => c.ranksOn)),
        textArray(changes.map((c) => c.reason)),
        textArray(changes.map((c) => c.recordedBy)),
        plainArray(changes.map((c) => c.recordedAt.toISOString())),
      ],
    );
  }
}

function assemble(
  standing: Standing,
  histories: readonly HistoryRow[],
  snapshots: readonly SnapshotRow[],
  changes: readonly ChangeRow[],
): Map<string, Statement[]> {
  const statements = new Map<string, Statement[]>();
  const add = (practiceCode: string, statement: Statement): void => {
    const list = statements.get(practiceCode);
    if (list) list.push(statement);
    else statements.set(practiceCode, [statement]);
  };
  addHistories(standing, histories, add);
  for (const row of changes)
    add(row.practice_code, {
      kind: 'change',
      effectiveOn: row.effective_on,
      ranksOn: row.ranks_on,
      leaves: row.leaves,
      joins: row.joins,
      received: row.received,
    });
  for (const row of snapshots) if (!statements.has(row.practice_code)) statements.set(row.practice_code, []);
  addSnapshots(standing, snapshots, [...statements.keys()], add);
  return statements;
}

type Add = (practiceCode: string, statement: Statement) => void;

/** Behind a file of which a row may be unread, what an older file of its date says is told, too. */
function addHistories(standing: Standing, rows: readonly HistoryRow[], add: Add): void {
  const spells = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const key = `${row.practice_code} ${row.fileId}`;
    const list = spells.get(key);
    if (list) list.push(row);
    else spells.set(key, [row]);
  }
  const practiceCodes = new Set(rows.map((row) => row.practice_code));
  for (const layers of standing.of('pcn-memberships'))
    for (const practiceCode of practiceCodes)
      for (const file of layers) {
        const { asAt, received } = file;
        const told = spells.get(`${practiceCode} ${file.fileId}`);
        const partial = mayNameUnread(file, 'practice', practiceCode);
        const of = told?.map(({ pcnCode, from, to }) => ({ pcnCode, from, to }));
        if (of) add(practiceCode, { kind: 'history', asAt, spells: of, partial, received });
        if (!partial) break;
      }
}

/** A list without a practice says that it is in no PCN, but only where nothing of it in the list is unread. */
function addSnapshots(
  standing: Standing,
  rows: readonly SnapshotRow[],
  practiceCodes: readonly string[],
  add: Add,
): void {
  const names = namesOf(rows, (r) => r.practice_code);
  const places = new Map(rows.map((row) => [`${row.practice_code} ${row.fileId}`, row.pcn_code]));
  for (const layers of standing.of('practice-pcn-icb'))
    for (const practiceCode of practiceCodes) {
      const sayer = sayerOf(layers, 'practice', practiceCode, names);
      if (sayer === null) continue;
      const { asAt, received, fileId } = sayer.file;
      const pcnCode = places.get(`${practiceCode} ${fileId}`) ?? null;
      add(practiceCode, { kind: 'snapshot', asAt, pcnCode, named: sayer.named, received });
    }
}
