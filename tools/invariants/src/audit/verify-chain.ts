// Looks at one service's chain from outside: of ours it shares nothing but how a link is hashed.
import type { ClientBase } from 'pg';
import { GENESIS, linkHash, type Link } from '@attest/audit/canonical';

const PAGE = 10_000n;

/** What is wrong, where, and in words. */
export interface Fault {
  readonly code: string;
  readonly what: string;
  readonly words: string;
}
export type TellFault = (fault: Fault) => void;

/** The newest entry; before the first one `at` is null. */
export interface Head {
  readonly seq: string;
  readonly hash: string;
  readonly at: string | null;
}

/** What a chain holds; `unchained` counts the rows that it has not reached yet, by table. */
export interface Chain {
  readonly entries: number;
  readonly head: Head;
  readonly unchained: Readonly<Record<string, number>>;
}

interface AuditedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** The primary key, where there is one. */
  readonly key: readonly string[] | null;
}
type AuditedTables = ReadonlyMap<string, AuditedTable>;
type Content = Readonly<Record<string, string | null>>;

/** A row of `audit_entry`: the link as it was hashed, and its content read. */
interface Entry extends Link {
  readonly held: Content;
  readonly prev_hash: Buffer;
  readonly hash: Buffer;
}
/** Where a table's row stands in the order of chaining. */
interface Position {
  readonly xid: bigint;
  readonly id: bigint;
}
/** A row by its place and, of its content, at least its key. */
interface Place {
  readonly seq?: string;
  readonly subject: string;
  readonly rowXid: string;
  readonly rowId: string;
  readonly content: Content;
}

/** Of `audit_entry`, those behind the first number and up to the second; it reads no more of them than that. */
export const ENTRIES_BETWEEN = `(
  SELECT seq, at, subject, row_xid, row_id, content, prev_hash, hash FROM audit_entry_row WHERE seq > $1 AND seq <= $2
  UNION ALL
  SELECT l.first_seq + e.place - 1, l.at, l.subject, coalesce(e.row_xid, '0'), coalesce(e.row_id, 0), coalesce(e.content, '{}'),
         coalesce(e.prev_hash, ''), coalesce(e.hash, '')
  FROM audit_lot l
  CROSS JOIN LATERAL unnest(l.row_xid, l.row_id, l.content, array_prepend(l.prev_hash, l.hash), l.hash) WITH ORDINALITY
    AS e(row_xid, row_id, content, prev_hash, hash, place)
  WHERE l.last_seq > $1 AND l.first_seq <= $2 AND l.first_seq + e.place - 1 BETWEEN $1::bigint + 1 AND least($2, l.last_seq))`;

/**
 * Tells each fault in the order of the chain.
 * @param client on the service's database; needs to read, nothing else
 */
export async function verifyChain(client: ClientBase, fault: TellFault): Promise<Chain> {
  // One snapshot, and values written as text as the appender wrote them.
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  await client.query(
    `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL bytea_output = 'hex'`,
  );
  try {
    const subjects = await auditedTables(client, fault);
    const { last, ...chain } = await walk(client, subjects, fault);
    const unchained = await unchainedRows(client, subjects, last, fault);
    return { ...chain, unchained };
  } finally {
    await client.query('ROLLBACK');
  }
}

/** Every table whose rows carry the audit columns, and every one that the chain speaks of. */
async function auditedTables(client: ClientBase, fault: TellFault): Promise<AuditedTables> {
  const { rows } = await client.query<AuditedTable>(`
    SELECT c.relname AS name, array_agg(a.attname::text) AS columns,
           (SELECT array_agg(k.attname::text ORDER BY k.attnum) FROM pg_index i
             JOIN pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = ANY(i.indkey)
            WHERE i.indrelid = c.oid AND i.indisprimary) AS key
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = current_schema() AND c.relkind = 'r' GROUP BY c.oid, c.relname
    HAVING bool_or(a.attname = 'audit_xid') AND bool_or(a.attname = 'audit_id')`);
  const tables = new Map(rows.map((row) => [row.name, row]));
  const chained = await client.query<{ subject: string }>(
    'SELECT subject FROM audit_entry_row UNION SELECT subject FROM audit_lot',
  );
  for (const { subject } of chained.rows)
    if (!tables.has(subject))
      fault({ code: 'TABLE_MISSING', what: subject, words: 'The chain holds rows of it, and it is gone.' });
  return tables;
}

async function walk(
  client: ClientBase,
  tables: AuditedTables,
  fault: TellFault,
): Promise<Omit<Chain, 'unchained'> & { readonly last: ReadonlyMap<string, Position> }> {
  let previous: Buffer = GENESIS;
  let seq = 0n;
  let at: string | null = null;
  const last = new Map<string, Position>();
  for (let upTo = 0n; ;) {
    const next = await nextBehind(client, upTo);
    if (next === null) break;
    const from = next - 1n;
    upTo = from + PAGE;
    const { rows }: { rows: Entry[] } = await client.query<Entry>(
      `SELECT seq::text, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, subject, row_xid::text AS "rowXid",
              row_id::text AS "rowId", content AS held, content::text, prev_hash, hash
       FROM ${ENTRIES_BETWEEN} entry ORDER BY entry.seq`,
      [String(from), String(upTo)],
    );
    const sources = await sourceRows(client, tables, rows);
    for (const { prev_hash: told, hash, held, ...link } of rows) {
      const what = nameOf({ ...link, content: held }, tables);
      if (BigInt(link.seq) !== seq + 1n)
        fault({
          code: 'ENTRY_REMOVED',
          what: `entries ${seq + 1n} to ${BigInt(link.seq) - 1n}`,
          words: 'They are missing from the chain.',
        });
      else if (!told.equals(previous))
        fault({ code: 'CHAIN_BROKEN', what, words: 'It does not follow from the entry before it.' });
      if (!linkHash(told, link).equals(hash))
        fault({ code: 'ENTRY_ALTERED', what, words: 'The entry is not what was hashed.' });
      const position = { xid: BigInt(link.rowXid), id: BigInt(link.rowId) };
      const before = last.get(link.subject);
      if (before && !follows(before, position))
        fault({ code: 'ENTRY_OUT_OF_ORDER', what, words: 'An entry of a later row stands before it.' });
      last.set(link.subject, position);
      compare({ ...link, content: held }, sources, what, fault);
      previous = hash;
      seq = BigInt(link.seq);
      at = link.at;
    }
  }
  return { last, entries: Number(seq), head: { seq: String(seq), hash: previous.toString('hex'), at } };
}

/** Whatever numbers are missing, or were made up, a page begins where there is something. */
async function nextBehind(client: ClientBase, seq: bigint): Promise<bigint | null> {
  const { rows } = await client.query<{ next: string | null }>(
    `SELECT least((SELECT min(seq) FROM audit_entry_row WHERE seq > $1),
                  (SELECT min(greatest(first_seq, $1 + 1)) FROM audit_lot WHERE last_seq > $1))::text AS next`,
    [String(seq)],
  );
  const next = rows[0]?.next ?? null;
  return next === null ? null : BigInt(next);
}

const follows = (a: Position, b: Position) => b.xid > a.xid || (b.xid === a.xid && b.id > a.id);

/** The rows themselves, of one page of entries, by table: a statement each. */
async function sourceRows(
  client: ClientBase,
  tables: AuditedTables,
  links: readonly Entry[],
): Promise<Map<string, Content>> {
  const found = new Map<string, Content>();
  for (const [name, { columns }] of tables) {
    const mine = links.filter((link) => link.subject === name);
    if (mine.length === 0) continue;
    const pairs = columns
      .filter((column) => !column.startsWith('audit_'))
      .map((column) => `${client.escapeLiteral(column)}, s.${client.escapeIdentifier(column)}::text`);
    const { rows } = await client.query<{ xid: string; id: string; content: Content }>(
      `SELECT s.audit_xid::text AS xid, s.audit_id::text AS id, json_build_object(${pairs.join(', ')}) AS content
       FROM unnest($1::xid8[], $2::bigint[]) AS e(xid, id)
       JOIN ${client.escapeIdentifier(name)} s ON s.audit_xid = e.xid AND s.audit_id = e.id`,
      [mine.map((link) => link.rowXid), mine.map((link) => link.rowId)],
    );
    for (const row of rows) found.set(`${name}|${row.xid}|${row.id}`, row.content);
  }
  return found;
}

/** Columns that came later than the entry are not its business. */
function compare(link: Place, sources: ReadonlyMap<string, Content>, what: string, fault: TellFault): void {
  const row = sources.get(`${link.subject}|${link.rowXid}|${link.rowId}`);
  if (!row) return fault({ code: 'ROW_REMOVED', what, words: 'It was chained and is no longer there.' });
  const differs = Object.keys(link.content).filter((column) => row[column] !== link.content[column]);
  if (differs.length > 0)
    fault({ code: 'ROW_ALTERED', what, words: `It differs from what was chained: ${differs.join(', ')}.` });
}

/** What is not chained: behind the newest entry of its table it was put in later; beyond it, it is the tail. */
async function unchainedRows(
  client: ClientBase,
  tables: AuditedTables,
  last: ReadonlyMap<string, Position>,
  fault: TellFault,
): Promise<Record<string, number>> {
  const tail: Record<string, number> = {};
  for (const [name, table] of tables) {
    const key = (table.key ?? ['audit_id']).map(
      (column) => `${client.escapeLiteral(column)}, s.${client.escapeIdentifier(column)}::text`,
    );
    const { xid, id } = last.get(name) ?? { xid: 0n, id: 0n };
    const position = [String(xid), String(id)];
    const { rows } = await client.query<Omit<Place, 'subject'>>(
      `SELECT s.audit_xid::text AS "rowXid", s.audit_id::text AS "rowId", json_build_object(${key.join(', ')}) AS content
       FROM ${client.escapeIdentifier(name)} s
       WHERE (s.audit_xid, s.audit_id) <= ($1::xid8, $2::bigint)
         AND NOT EXISTS (SELECT FROM audit_entry_row e
           WHERE e.subject = $3 AND e.row_xid = s.audit_xid AND e.row_id = s.audit_id)
         AND NOT EXISTS (
           SELECT FROM (SELECT unnest(row_xid) AS row_xid, unnest(row_id) AS row_id FROM audit_lot WHERE subject = $3) e
           WHERE e.row_xid = s.audit_xid AND e.row_id = s.audit_id)
       ORDER BY s.audit_xid, s.audit_id`,
      [...position, name],
    );
    for (const row of rows)
      fault({
        code: 'ROW_INSERTED',
        what: nameOf({ subject: name, ...row }, tables),
        words: 'It was put in behind what is chained.',
      });
    const { rows: beyond } = await client.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM ${client.escapeIdentifier(name)} s
       WHERE (s.audit_xid, s.audit_id) > ($1::xid8, $2::bigint)`,
      position,
    );
    tail[name] = beyond[0]?.rows ?? 0;
  }
  return tail;
}

/** A row by its own key, as people look for it. */
function nameOf({ seq, subject, rowXid, rowId, content }: Place, tables: AuditedTables): string {
  const columns = (tables.get(subject)?.key ?? []).filter((column) => column in content);
  const key = columns.map((column) => `${column}=${content[column]}`).join(' ') || `audit_id=${rowId}`;
  return `${subject} ${key}${seq ? ` (entry ${seq})` : ` (transaction ${rowXid})`}`;
}
