import type { Database, Tx } from '@attest/persistence';
import type { Named } from './foreign-routes.js';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** What the tables of the platform hold is nobody's, or comes through its own library. */
const PLATFORM =
  /^(directory_|outbox|inbox|barrier|consumer_fence|consumption_|dead_letter|blocked_key|parked_event|forgotten_event|fence_rewind|producer_epoch|firing|idempotency_key|business_clock|migrations|signature_record)/;

/**
 * One row of somebody in every table of a service, so that whatever a route looks up by its id or organisation is
 * there. What is in it besides makes no sense, and no rule of the tables keeps it out: nobody may get as far as that.
 */
export async function rowsOfSomebody(database: Database, named: Named): Promise<void> {
  const { rows: columns } = await database.query<Column>(`
    SELECT c.table_name AS "table", c.column_name AS "column", c.udt_name AS type, c.is_nullable = 'YES' AS nullable
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
      AND c.is_identity = 'NO'`);
  await database.transaction(async (tx) => {
    await withoutRules(tx);
    for (const table of new Set(columns.map((column) => column.table))) {
      const its = columns.filter((column) => column.table === table);
      if (PLATFORM.test(table)) continue;
      for (const code of table === 'organisation' ? [named.practice, named.pcn] : [named.practice]) {
        const filled = its.flatMap((column) => {
          const value = valueOf(column, { ...named, practice: code });
          return value === null ? [] : [[column.column, value] as const];
        });
        await tx.query(
          `INSERT INTO ${table} (${filled.map(([column]) => column).join(', ')})
           VALUES (${filled.map((_, at) => `$${at + 1}`).join(', ')}) ON CONFLICT DO NOTHING`,
          filled.map(([, value]) => value),
        );
      }
    }
  });
}

async function withoutRules(tx: Tx): Promise<void> {
  await tx.query(
    `DO $$ DECLARE one record; BEGIN
       FOR one IN SELECT conrelid::regclass AS relation, conname FROM pg_constraint
                  WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace AND coninhcount = 0
       LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.relation, one.conname); END LOOP;
       FOR one IN SELECT oid::regclass AS relation FROM pg_class
                  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
       LOOP EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', one.relation); END LOOP;
     END $$`,
    [],
  );
}

const BY_NAME: readonly (readonly [RegExp, (named: Named) => string])[] = [
  [/^(organisation|practice|provider|owner|debtor)_code$|^code$/, ({ practice }) => practice],
  [/^(commissioner|scope)_code$|^(frozen_for|for_organisation)$/, ({ commissioner }) => commissioner],
  [/^pcn_code$/, ({ pcn }) => pcn],
  [/^agency_code$/, ({ agency }) => agency],
  [/^service_code$/, () => 'XVI2223'],
  [/file_name$/, ({ fileName }) => fileName],
  [/^status$/, () => 'AWAITING_PROVIDER_APPROVAL'],
];

const BY_TYPE: Readonly<Record<string, string>> = {
  bool: 'false',
  bytea: '',
  date: '2026-03-31',
  float8: '1',
  int2: '1',
  int4: '1',
  int8: '1',
  json: '{}',
  jsonb: '[]',
  numeric: '1',
  text: 'x',
  timestamptz: '2026-03-31T00:00:00Z',
  uuid: '',
  xid8: '1',
};

/** Where a row of the rest would not be found at all. */
const OF_TABLE: Readonly<Record<string, string>> = {
  'declaration.kind': 'achievement',
  'approval_task.kind': 'achievement',
  'release_run.state': 'sealed',
};

function valueOf({ table, column, type, nullable }: Column, named: Named): string | null {
  const own = OF_TABLE[`${table}.${column}`];
  if (own !== undefined) return own;
  if (column === 'kind' && type === 'text') return named.practice.startsWith('U') ? 'pcn' : 'practice';
  if (type === 'uuid') return nullable ? null : named.id;
  const known = type === 'text' ? BY_NAME.find(([name]) => name.test(column)) : undefined;
  if (known) return known[1](named);
  if (nullable) return null;
  if (type.startsWith('_')) return '{}';
  return BY_TYPE[type] ?? 'x';
}
