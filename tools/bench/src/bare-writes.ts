// What nobody can do without when many rows change: the rows, their history and their events, in chunks of 500, set-based, on copies of the product's own tables with all their rows and indexes, and without any check.
import type { Stand } from './stand.js';

const CHUNK = 500;

/** Writes so many items and tells how many seconds it took. */
export type BareWrites = (items: number) => Promise<number>;

/** Declarations that go on by one status. */
export const openBareDeclarations = (stand: Stand, url: string): Promise<BareWrites> =>
  openBare(stand, url, {
    schema: 'bench_declarations',
    tables: ['declaration', 'declaration_history', 'outbox'],
    key: 'declaration_id',
    of: 'declaration',
    step: (schema) => `
      WITH changed AS (
        UPDATE ${schema}.declaration SET status = 'AWAITING_COMMISSIONER_APPROVAL', status_since = now(),
               revision = revision + 1, declared_version = declaration_version, declared_by = 'somebody'
        WHERE declaration_id = ANY ($1::uuid[]) RETURNING *
      ), kept AS (
        INSERT INTO ${schema}.declaration_history (declaration_id, revision, action, to_status, actor, person_id,
               for_organisation, at, declaration_version, figure_revision, pence, holds, attempt)
        SELECT declaration_id, revision, 'declare', status, 'provider', 'somebody', organisation_code, now(),
               declaration_version, figure_revision, pence, holds, attempt FROM changed
      )
      ${event(schema, 'declarations', 'declaration.declared.v1', 'declaration_id', 'revision')}`,
  });

/** Signatures of one stage. */
export const openBareSignatures = (stand: Stand, url: string): Promise<BareWrites> =>
  openBare(stand, url, {
    schema: 'bench_signatures',
    tables: ['approval_task', 'signature', 'outbox'],
    key: 'declaration_id',
    of: 'approval_task',
    step: (schema) => `
      WITH changed AS (
        UPDATE ${schema}.approval_task SET pending_approval_id = gen_random_uuid(), approval_version = approval_version + 1
        WHERE declaration_id = ANY ($1::uuid[]) RETURNING *
      ), signed AS (
        INSERT INTO ${schema}.signature (approval_id, declaration_id, declaration_version, stage, decision, person_id,
               for_organisation, signed_at)
        SELECT pending_approval_id, declaration_id, approval_version, 'commissioner', 'approve', 'somebody',
               commissioner_code, now() FROM changed
      )
      ${event(schema, 'approvals', 'approval.signed.v1', 'declaration_id', 'approval_version')}`,
  });

const event = (schema: string, topic: string, type: string, key: string, version: string): string => `
  INSERT INTO ${schema}.outbox (shard, event_id, topic, key, type, aggregate_version, payload)
  SELECT (row_number() OVER ()) % 16, gen_random_uuid(), '${topic}', ${key}::text, '${type}', ${version},
         to_json(changed)::text FROM changed`;

interface Copies {
  readonly schema: string;
  readonly tables: readonly string[];
  /** The column that names an item. */
  readonly key: string;
  /** The table whose rows are the items. */
  readonly of: string;
  /** The statement that takes the items' keys. */
  step(schema: string): string;
}

async function openBare(
  stand: Stand,
  url: string,
  { schema, tables, key, of, step }: Copies,
): Promise<BareWrites> {
  const client = await stand.admin(url);
  await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema}`);
  for (const table of tables) {
    await client.query(
      `CREATE TABLE ${schema}.${table} (LIKE public.${table} INCLUDING ALL EXCLUDING GENERATED EXCLUDING STATISTICS)`,
    );
    const { rows } = await client.query<{ options: string | null }>(
      `SELECT array_to_string(reloptions, ', ') AS options FROM pg_class WHERE oid = $1::regclass`,
      [`public.${table}`],
    );
    if (rows[0]?.options) await client.query(`ALTER TABLE ${schema}.${table} SET (${rows[0].options})`);
    await client.query(
      `INSERT INTO ${schema}.${table} OVERRIDING SYSTEM VALUE SELECT * FROM public.${table}`,
    );
    await client.query(`VACUUM ANALYZE ${schema}.${table}`);
  }
  const { rows } = await client.query<{ key: string }>(
    `SELECT ${key} AS key FROM ${schema}.${of} ORDER BY ${key}`,
  );
  const keys = rows.map((row) => row.key);
  const text = step(schema);
  stand.untidy.push(async () => {
    await client.query(`DROP SCHEMA ${schema} CASCADE`);
    await client.end();
  });
  let next = 0;
  return async (items) => {
    const chosen = Array.from({ length: items }, (_, at) => keys[(next + at) % keys.length]);
    next += items;
    const started = performance.now();
    // A statement is a transaction of its own.
    for (let from = 0; from < items; from += CHUNK)
      await client.query({ name: schema, text, values: [chosen.slice(from, from + CHUNK)] });
    return (performance.now() - started) / 1000;
  };
}
