import type { LondonDate } from '@attest/calendar';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { StatementStore, type MembershipChange } from '../application/ports.js';
import type { Spell } from '../domain/memberships/spell.js';
import type { Statement } from '../domain/memberships/statements.js';

type FileRow = { layout: string; as_at: LondonDate; received: bigint };
type HistoryRow = { as_at: LondonDate; practice_code: string } & Spell;
type SnapshotRow = { as_at: LondonDate; practice_code: string; pcn_code: string | null };
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
  override async load(tx: Tx, practiceCodes?: readonly string[]): Promise<Map<string, Statement[]>> {
    const where = practiceCodes === undefined ? '' : 'WHERE practice_code = ANY($1)';
    const values = practiceCodes === undefined ? [] : [practiceCodes];
    const files = await tx.query<FileRow>(`
      SELECT DISTINCT ON (layout, as_at) layout, as_at, received FROM organisation_file
      WHERE layout IN ('pcn-memberships', 'practice-pcn-icb') ORDER BY layout, as_at, received DESC`);
    const histories = await tx.query<HistoryRow>(
      `SELECT as_at, practice_code, pcn_code AS "pcnCode", from_on AS "from", to_on AS "to" FROM membership_history ${where}`,
      values,
    );
    const snapshots = await tx.query<SnapshotRow>(
      `SELECT as_at, practice_code, pcn_code FROM membership_snapshot ${where}`,
      values,
    );
    const changes = await tx.query<ChangeRow>(
      `SELECT practice_code, received, leaves, joins, effective_on, ranks_on FROM membership_change ${where}`,
      values,
    );
    return assemble(files.rows, histories.rows, snapshots.rows, changes.rows);
  }

  override async newestFileAsAt(tx: Tx): Promise<LondonDate | null> {
    const { rows } = await tx.query<{ as_at: LondonDate | null }>(
      `SELECT max(as_at) AS as_at FROM organisation_file WHERE layout IN ('pcn-memberships', 'practice-pcn-icb')`,
    );
    return rows[0]?.as_at ?? null;
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
  files: readonly FileRow[],
  histories: readonly HistoryRow[],
  snapshots: readonly SnapshotRow[],
  changes: readonly ChangeRow[],
): Map<string, Statement[]> {
  const received = new Map(files.map((f) => [`${f.layout} ${f.as_at}`, f.received]));
  const statements = new Map<string, Statement[]>();
  const add = (practiceCode: string, statement: Statement): void => {
    const list = statements.get(practiceCode);
    if (list) list.push(statement);
    else statements.set(practiceCode, [statement]);
  };
  const spells = new Map<string, HistoryRow[]>();
  for (const row of histories) {
    const key = `${row.practice_code} ${row.as_at}`;
    const list = spells.get(key);
    if (list) list.push(row);
    else spells.set(key, [row]);
  }
  for (const rows of spells.values()) {
    const { as_at: asAt, practice_code } = rows[0]!;
    add(practice_code, {
      kind: 'history',
      asAt,
      spells: rows.map(({ pcnCode, from, to }) => ({ pcnCode, from, to })),
      received: received.get(`pcn-memberships ${asAt}`) ?? 0n,
    });
  }
  for (const row of changes)
    add(row.practice_code, {
      kind: 'change',
      effectiveOn: row.effective_on,
      ranksOn: row.ranks_on,
      leaves: row.leaves,
      joins: row.joins,
      received: row.received,
    });
  const places = new Map(snapshots.map((row) => [`${row.practice_code} ${row.as_at}`, row.pcn_code]));
  const lists = files.filter((file) => file.layout === 'practice-pcn-icb');
  for (const row of snapshots) if (!statements.has(row.practice_code)) statements.set(row.practice_code, []);
  for (const [practiceCode, list] of statements) {
    for (const { as_at: asAt, received: at } of lists) {
      const key = `${practiceCode} ${asAt}`;
      list.push({
        kind: 'snapshot',
        asAt,
        pcnCode: places.get(key) ?? null,
        named: places.has(key),
        received: at,
      });
    }
  }
  return statements;
}
