import { Scheduled, type Firing } from '@attest/hosting';
import type { Database, Tx } from '@attest/persistence';
import { AnchorFolder } from './anchor-folder.js';
import type { AuditSettings } from './audit-settings.js';
import { GENESIS } from './canonical.js';

export interface AuditedTable {
  readonly table: string;
  /** Columns that may change after the row was written. */
  readonly except?: readonly string[];
}

interface Head {
  readonly seq: bigint;
  readonly hash: Buffer;
}

/** Any fixed number; one database belongs to one service. */
const CHAIN_LOCK = 7_302_651_201n;
const ROWS_AT_ONCE = 5_000;
/** Fewer compress badly as a lot. */
const LOT_LEAST = 16;

/**
 * Chains what the service has committed. A row is taken once every transaction that began before its own has ended:
 * then none can appear in front of it any more, and (transaction, number) is an order that holds for ever.
 */
export class AuditAppender {
  private anchoredOn: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly service: string,
    private readonly tables: readonly AuditedTable[],
    private readonly anchors: AnchorFolder | undefined,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** As a provider's factory makes it from the service's settings. */
  static of(
    service: string,
    tables: readonly AuditedTable[],
    database: Database,
    settings: AuditSettings,
  ): AuditAppender {
    const { AUDIT_ANCHOR_STORE: folder, AUDIT_ANCHOR_KEY: key } = settings;
    return new AuditAppender(database, service, tables, folder ? new AnchorFolder(folder, key) : undefined);
  }

  @Scheduled({ name: 'chain-audit', everyMs: 1_000 })
  async run(firing?: Firing): Promise<void> {
    for (const table of this.tables)
      while (!firing?.signal.aborted && (await this.chain(table)) === ROWS_AT_ONCE);
    if (firing?.signal.aborted) return;
    await this.anchor();
  }

  /** @returns how many rows were chained */
  private chain(audited: AuditedTable): Promise<number> {
    return this.database.transaction(async (tx) =>
      (await lockChain(tx)) ? chainCommitted(tx, audited, this.now().toISOString()) : 0,
    );
  }

  /** The head as it stands when a day begins, once a day: what was chained before it cannot be rewritten unseen. */
  private async anchor(): Promise<void> {
    if (!this.anchors) return;
    const at = this.now().toISOString();
    const date = at.slice(0, 10);
    if (this.anchoredOn === date) return;
    if (!(await this.anchors.has(this.service, date))) {
      const { seq, hash } = await headOf(this.database);
      if (seq === 0n) return;
      await this.anchors.put({
        service: this.service,
        date,
        seq: String(seq),
        hash: hash.toString('hex'),
        at,
      });
    }
    this.anchoredOn = date;
  }
}

/** Also settles how values are written as text: the same for every session, so that they can be compared. */
async function lockChain(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ mine: boolean }>(
    `SELECT pg_try_advisory_xact_lock($1) AS mine, set_config('TimeZone', 'UTC', true),
            set_config('DateStyle', 'ISO, YMD', true), set_config('bytea_output', 'hex', true)`,
    [CHAIN_LOCK],
  );
  return rows[0]!.mine;
}

async function headOf(tx: Pick<Tx, 'query'>): Promise<Head> {
  const { rows } = await tx.query<Head>(`
    SELECT * FROM (
      (SELECT seq, hash FROM audit_entry_row ORDER BY seq DESC LIMIT 1)
      UNION ALL
      (SELECT last_seq, last_hash FROM audit_lot ORDER BY first_seq DESC LIMIT 1)
    ) head ORDER BY seq DESC LIMIT 1`);
  return rows[0] ?? { seq: 0n, hash: GENESIS };
}

async function chainCommitted(tx: Tx, { table, except = [] }: AuditedTable, at: string): Promise<number> {
  const columns = await tx.query<{ names: string; texts: string }>(
    `SELECT string_agg(quote_literal(attname), ', ' ORDER BY attnum) AS names,
            string_agg(format('%I::text', attname), ', ' ORDER BY attnum) AS texts
     FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
       AND attname <> ALL($2::text[]) AND attname NOT IN ('audit_id', 'audit_xid')`,
    [table, except],
  );
  const last = await tx.query<{ xid: string; id: bigint }>(
    `SELECT row_xid::text AS xid, row_id AS id FROM (
       (SELECT row_xid, row_id FROM audit_entry_row WHERE subject = $1 ORDER BY row_xid DESC, row_id DESC LIMIT 1)
       UNION ALL
       (SELECT last_xid, last_id FROM audit_lot WHERE subject = $1 ORDER BY last_xid DESC, last_id DESC LIMIT 1)
     ) newest ORDER BY row_xid DESC, row_id DESC LIMIT 1`,
    [table],
  );
  const { xid, id } = last.rows[0] ?? { xid: '0', id: 0n };
  const head = await headOf(tx);
  const { names, texts } = columns.rows[0]!;
  // A statement for all of them: rows that came through here one by one cost more than all that wrote them.
  const { rows } = await tx.query<{ chained: number }>(
    `WITH committed AS MATERIALIZED (
       SELECT * FROM ${table}
       WHERE (audit_xid, audit_id) > ($1::xid8, $2::bigint) AND audit_xid < pg_snapshot_xmin(pg_current_snapshot())
       ORDER BY audit_xid, audit_id LIMIT ${ROWS_AT_ONCE}
     ), numbered AS (
       SELECT $3::bigint + row_number() OVER (ORDER BY audit_xid, audit_id) AS seq, audit_xid, audit_id,
              -- Not jsonb_build_object, which looks up for every value how its type is written.
              jsonb_object(ARRAY[${names}], ARRAY[${texts}]) AS content
       FROM committed
     ), linked AS MATERIALIZED (
       SELECT *, audit_chain($4::bytea, concat_ws(E'\\n', seq, $5::text, $6::text, audit_xid, audit_id, content))
                   OVER (ORDER BY seq) AS hash
       FROM numbered
     ), counted AS (
       SELECT count(*)::int AS chained FROM linked
     ), few AS (
       INSERT INTO audit_entry_row (seq, at, subject, row_xid, row_id, content, prev_hash, hash)
       SELECT seq, $5::timestamptz, $6, audit_xid, audit_id, content, lag(hash, 1, $4::bytea) OVER (ORDER BY seq), hash
       FROM linked WHERE (SELECT chained FROM counted) < ${LOT_LEAST}
     ), many AS (
       INSERT INTO audit_lot (first_seq, last_seq, at, subject, row_xid, row_id, content, prev_hash, hash, last_xid, last_id, last_hash)
       SELECT seqs[1], seqs[cardinality(seqs)], $5::timestamptz, $6, xids, ids, contents, $4, hashes,
              xids[cardinality(xids)], ids[cardinality(ids)], hashes[cardinality(hashes)]
       FROM (SELECT array_agg(seq ORDER BY seq) AS seqs, array_agg(audit_xid ORDER BY seq) AS xids,
                    array_agg(audit_id ORDER BY seq) AS ids, array_agg(content ORDER BY seq) AS contents,
                    array_agg(hash ORDER BY seq) AS hashes FROM linked) lot
       WHERE (SELECT chained FROM counted) >= ${LOT_LEAST}
     )
     SELECT chained FROM counted`,
    [xid, id, head.seq, head.hash, at, table],
  );
  return rows[0]!.chained;
}
