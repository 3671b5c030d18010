import { Scheduled } from '@attest/hosting';
import type { Database, Tx } from '@attest/persistence';
import { AnchorFolder } from './anchor-folder.js';
import type { AuditSettings } from './audit-settings.js';
import { GENESIS, linkHash, type Content, type Link } from './canonical.js';

export interface AuditedTable {
  readonly table: string;
  /** Columns that may change after the row was written. */
  readonly except?: readonly string[];
}

interface Head {
  readonly seq: bigint;
  readonly hash: Buffer;
}

interface CommittedRow {
  readonly xid: string;
  readonly id: string;
  readonly content: Content;
}

/** Any fixed number; one database belongs to one service. */
const CHAIN_LOCK = 7_302_651_201n;
const ROWS_AT_ONCE = 5_000;

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
  async run(): Promise<void> {
    for (const table of this.tables) while ((await this.chain(table)) === ROWS_AT_ONCE);
    await this.anchor();
  }

  /** @returns how many rows were chained */
  private chain(audited: AuditedTable): Promise<number> {
    return this.database.transaction(async (tx) => {
      if (!(await lockChain(tx))) return 0;
      const rows = await committedRows(tx, audited);
      if (rows.length === 0) return 0;
      const head = await headOf(tx);
      const at = this.now().toISOString();
      let { seq, hash } = head;
      const entries = rows.map(({ xid, id, content }) => {
        const link: Link = {
          seq: String(++seq),
          at,
          subject: audited.table,
          rowXid: xid,
          rowId: id,
          content,
        };
        const previous = hash;
        hash = linkHash(previous, link);
        return [link.seq, at, link.subject, xid, id, JSON.stringify(content), previous, hash];
      });
      await tx.copyIn('audit_entry', ENTRY_COLUMNS, entries);
      return rows.length;
    });
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

const ENTRY_COLUMNS = ['seq', 'at', 'subject', 'row_xid', 'row_id', 'content', 'prev_hash', 'hash'];

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
  const { rows } = await tx.query<Head>('SELECT seq, hash FROM audit_entry ORDER BY seq DESC LIMIT 1');
  return rows[0] ?? { seq: 0n, hash: GENESIS };
}

async function committedRows(tx: Tx, { table, except = [] }: AuditedTable): Promise<CommittedRow[]> {
  const columns = await tx.query<{ pair: string }>(
    `SELECT format('%L, %I::text', attname, attname) AS pair FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
       AND attname <> ALL($2::text[]) AND attname NOT IN ('audit_id', 'audit_xid')`,
    [table, except],
  );
  const last = await tx.query<{ xid: string; id: bigint }>(
    `SELECT row_xid::text AS xid, row_id AS id FROM audit_entry WHERE subject = $1
     ORDER BY row_xid DESC, row_id DESC LIMIT 1`,
    [table],
  );
  const { xid, id } = last.rows[0] ?? { xid: '0', id: 0n };
  const { rows } = await tx.query<CommittedRow>(
    `SELECT audit_xid::text AS xid, audit_id::text AS id,
            json_build_object(${columns.rows.map((row) => row.pair).join(', ')}) AS content
     FROM ${table}
     WHERE (audit_xid, audit_id) > ($1::xid8, $2::bigint) AND audit_xid < pg_snapshot_xmin(pg_current_snapshot())
     ORDER BY audit_xid, audit_id LIMIT ${ROWS_AT_ONCE}`,
    [xid, id],
  );
  return rows;
}
