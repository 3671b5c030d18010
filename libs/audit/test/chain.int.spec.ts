import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Database } from '@attest/persistence';
import { eventually, testDatabase, type TestDatabase } from '@attest/testing';
import {
  AnchorFolder,
  AuditAppender,
  auditTable,
  CREATE_AUDIT,
  GENESIS,
  keepAppendOnly,
  linkHash,
} from '../src/index.js';

const KEY = 'a key of thirty-two characters at least';
const DAY = '2026-08-20';

let place: TestDatabase;
let database: Database;
let admin: pg.Client;
let folder: string;
let appender: AuditAppender;

beforeAll(async () => {
  place = await testDatabase('audit-chain');
  database = new Database({ url: place.url, poolSize: 6, applicationName: 'audit-chain' });
  await database.query(
    `CREATE TABLE history (line_id uuid, revision bigint, at timestamptz, pence bigint, holds jsonb, note text,
       PRIMARY KEY (line_id, revision));
     CREATE TABLE sent (file_name text PRIMARY KEY, pence bigint, stored_at timestamptz);
     ${CREATE_AUDIT} ${auditTable('history')} ${keepAppendOnly('history')} ${auditTable('sent')}`,
  );
  admin = new pg.Client({ connectionString: place.adminUrl });
  await admin.connect();
  // As somebody who may do anything in the database, triggers or not.
  await admin.query('SET session_replication_role = replica');
});

afterAll(async () => {
  await admin.end();
  await database.close();
  await place.drop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  await admin.query('TRUNCATE audit_entry, history, sent');
  // One table after the other, and the day's anchor over both: a transaction of anybody on this server, still open
  // as one is chained, would let the other go first.
  appender = appenderAt(`${DAY}T01:00:00.000Z`, false);
  await record(6);
  await chainAll(6);
  await database.query(`INSERT INTO sent VALUES ('one', 10, NULL), ('two', 20, NULL)`);
  await chainAll(8);
  appender = appenderAt(`${DAY}T01:00:00.000Z`);
  await appender.run();
});

/** Whoever else writes on this server holds the watermark back for a moment. */
const chainAll = (entries: number) =>
  eventually(
    async () => {
      await appender.run();
      const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM audit_entry');
      return rows[0]!.n === entries;
    },
    { withinMs: 20_000, everyMs: 20 },
  );

afterEach(() => rm(folder, { recursive: true, force: true }));

const appenderAt = (at: string, anchored = true): AuditAppender =>
  new AuditAppender(
    database,
    'payment-export',
    [{ table: 'history' }, { table: 'sent', except: ['stored_at'] }],
    anchored ? new AnchorFolder(folder, KEY) : undefined,
    () => new Date(at),
  );

const INSERT = `INSERT INTO history (line_id, revision, at, pence, holds, note)
  SELECT '01990000-0000-7000-8000-000000000001', g, '2026-08-01 12:00:00.123456+00', 9007199254740993,
         '[{"code": "PCN_CLOSED"}]', 'said "so"' || g FROM generate_series`;

const record = (rows: number, from = 1) =>
  database.query(`${INSERT}($1::int, $2::int) AS g`, [from, from + rows - 1]);

interface Verified {
  readonly code: number;
  readonly entries: number;
  readonly anchors: number;
  readonly signed: number;
  readonly daysWithout: number;
  readonly unchained: Record<string, number>;
  readonly faults: readonly { code: string; what: string; words: string }[];
  readonly said: string;
}

/** The command itself, as an auditor runs it. */
function verify(key = KEY): Promise<Verified> {
  const args = ['--service', 'payment-export', '--database-url', place.url, '--anchors', folder, '--json'];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(process.cwd(), 'tools', 'audit-verify.mjs'), ...args],
      { env: { ...process.env, AUDIT_ANCHOR_KEY: key } },
      (error, stdout, stderr) => {
        const [found] = stdout ? (JSON.parse(stdout) as Omit<Verified, 'code' | 'said'>[]) : [];
        resolve({ ...found!, code: Number(error?.code ?? 0), said: stdout + stderr });
      },
    );
  });
}

const codes = ({ faults }: Verified) => faults.map(({ code, what }) => `${code} ${what}`);
const ROW = (revision: number) => `history line_id=01990000-0000-7000-8000-000000000001 revision=${revision}`;

describe('the chain', () => {
  it('holds every committed row in its order, and nothing is wrong with it', async () => {
    const found = await verify();
    expect([found.code, found.entries, found.faults]).toEqual([0, 8, []]);
    expect(found.unchained).toEqual({ history: 0, sent: 0 });
    expect([found.anchors, found.signed]).toEqual([1, 1]);
  });

  it('goes on where it stopped, and tells how much it has not reached', async () => {
    await record(3, 7);
    expect((await verify()).unchained).toEqual({ history: 3, sent: 0 });
    await chainAll(11);
    await appender.run();
    expect(await verify()).toMatchObject({ code: 0, entries: 11, unchained: { history: 0, sent: 0 } });
  });

  it('does not pass a transaction that is still open, whichever commits first', async () => {
    const slow = await database.connect();
    await slow.query('BEGIN');
    await slow.query(`${INSERT}(7, 7) AS g`);
    await record(1, 8);
    await appender.run();
    expect(await verify()).toMatchObject({ code: 0, entries: 8, unchained: { history: 1 } });
    await slow.query('COMMIT');
    await slow.end();
    await chainAll(10);
    expect(await verify()).toMatchObject({ code: 0, entries: 10, unchained: { history: 0 } });
    const { rows } = await database.query<{ revision: string }>(
      `SELECT content->>'revision' AS revision FROM audit_entry WHERE subject = 'history' ORDER BY seq DESC LIMIT 2`,
    );
    expect(rows.map((row) => row.revision)).toEqual(['8', '7']);
  });

  it('is written by one appender however many run', async () => {
    await record(12_000, 7);
    await Promise.all(Array.from({ length: 4 }, () => appenderAt(`${DAY}T02:00:00.000Z`).run()));
    await chainAll(12_008);
    expect(await verify()).toMatchObject({ code: 0, entries: 12_008, faults: [] });
  });

  it('does not mind what an audited row may change, nor a column that comes later', async () => {
    await database.query(`UPDATE sent SET stored_at = now()`);
    await database.query(`ALTER TABLE history ADD COLUMN later text DEFAULT 'x'`);
    await record(1, 7);
    await chainAll(9);
    const found = await verify();
    await admin.query('ALTER TABLE history DROP COLUMN later CASCADE');
    expect(found).toMatchObject({ code: 0, entries: 9, faults: [] });
  });

  it.each([
    'UPDATE audit_entry SET seq = seq',
    'DELETE FROM audit_entry',
    'TRUNCATE audit_entry',
    'UPDATE history SET pence = 0',
    'DELETE FROM history',
    'TRUNCATE history',
  ])('is append-only for the role that owns it: %s', async (statement) => {
    await expect(database.query(statement)).rejects.toThrow(/permission denied/);
    // Nor does giving itself the right help.
    await database.query(`GRANT UPDATE, DELETE, TRUNCATE ON audit_entry, history TO CURRENT_USER`);
    await expect(database.query(statement)).rejects.toThrow(/append-only/);
    await database.query(`REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, history FROM CURRENT_USER`);
  });
});

describe('npm run audit:verify finds', () => {
  it.each<[string, string, string[]]>([
    [
      'an altered row',
      'UPDATE history SET pence = pence + 1 WHERE revision = 3',
      [`ROW_ALTERED ${ROW(3)} (entry 3)`],
    ],
    ['a removed row', 'DELETE FROM history WHERE revision = 4', [`ROW_REMOVED ${ROW(4)} (entry 4)`]],
    [
      'two rows that changed places',
      `UPDATE history SET revision = -revision WHERE revision IN (2, 3);
       UPDATE history SET revision = 5 + revision, note = 'said "so"' || 5 + revision WHERE revision < 0`,
      [`ROW_ALTERED ${ROW(2)} (entry 2)`, `ROW_ALTERED ${ROW(3)} (entry 3)`],
    ],
    [
      'a row that was slipped in',
      `INSERT INTO history (line_id, revision, pence, audit_id, audit_xid) OVERRIDING SYSTEM VALUE
       SELECT line_id, 99, 1, -5, audit_xid FROM history WHERE revision = 3`,
      [expect.stringMatching(new RegExp(`^ROW_INSERTED ${ROW(99)} `)) as unknown as string],
    ],
    [
      'an altered entry',
      `UPDATE audit_entry SET content = jsonb_set(content, '{pence}', '"5"') WHERE seq = 2;
       UPDATE history SET pence = 5 WHERE revision = 2`,
      [`ENTRY_ALTERED ${ROW(2)} (entry 2)`],
    ],
    [
      'a removed entry',
      'DELETE FROM audit_entry WHERE seq = 5',
      ['ENTRY_REMOVED entries 5 to 5', `ROW_INSERTED`],
    ],
    [
      'two entries that changed places',
      `UPDATE audit_entry SET seq = seq + 100 WHERE seq IN (2, 3); UPDATE audit_entry SET seq = 105 - seq WHERE seq > 100`,
      [
        `CHAIN_BROKEN ${ROW(3)} (entry 2)`,
        `ENTRY_ALTERED ${ROW(3)} (entry 2)`,
        `CHAIN_BROKEN ${ROW(2)} (entry 3)`,
        `ENTRY_ALTERED ${ROW(2)} (entry 3)`,
        `ENTRY_OUT_OF_ORDER ${ROW(2)} (entry 3)`,
        `CHAIN_BROKEN ${ROW(4)} (entry 4)`,
      ],
    ],
    ['a table that is gone', `ALTER TABLE sent RENAME TO other`, ['TABLE_MISSING sent']],
  ])('%s, and names it', async (_what, statement, expected) => {
    await admin.query(statement);
    const found = await verify();
    if (statement.includes('RENAME')) await admin.query('ALTER TABLE other RENAME TO sent');
    expect(found.code).toBe(1);
    const named = codes(found);
    for (const [at, one] of expected.entries())
      if (typeof one === 'string' && one.length < 20 && !one.includes(' ')) expect(named[at]).toContain(one);
      else expect(named[at]).toEqual(one);
  });

  it('a chain that was written anew as a whole, by its anchor', async () => {
    await admin.query('UPDATE history SET pence = 1 WHERE revision = 1');
    await rewriteChain();
    const found = await verify();
    expect([found.code, codes(found)]).toEqual([1, ['CHAIN_REWRITTEN entry 8']]);
  });

  it('an anchor that somebody else wrote, and one whose entry is gone', async () => {
    const [name] = await readdir(folder);
    const told = JSON.parse(await readFile(join(folder, name!), 'utf8')) as { seq: string };
    // The head when the day's anchor was written: a transaction elsewhere may have kept the last rows back from it.
    await admin.query('DELETE FROM audit_entry WHERE seq >= $1', [told.seq]);
    expect(codes(await verify()).sort()).toEqual([`ANCHORED_ENTRY_REMOVED entry ${told.seq}`]);
    await writeFile(join(folder, name!), JSON.stringify({ ...told, seq: '1' }));
    expect(codes(await verify())).toContain(`ANCHOR_FORGED ${name}`);
    // A head of another day, in place of one that would show what was rewritten since.
    await writeFile(join(folder, `payment-export-2026-08-22.anchor.json`), JSON.stringify(told));
    const swapped = await verify();
    expect(codes(swapped)).toContain('ANCHOR_FORGED payment-export-2026-08-22.anchor.json');
    expect(swapped).toMatchObject({ anchors: 2, daysWithout: 1 });
    await rm(join(folder, `payment-export-2026-08-22.anchor.json`));
    await writeFile(join(folder, name!), 'nothing');
    expect(codes(await verify())).toEqual([`ANCHOR_UNREADABLE ${name}`]);
  });

  it('nothing to look at, and says so', async () => {
    const found = await verify();
    expect(found.code).toBe(0);
    const nowhere = place.url.replace(/\/[^/]*$/, '/nowhere_at_all');
    const code = await new Promise((resolve) =>
      execFile(
        process.execPath,
        ['tools/audit-verify.mjs', '--service', 'payment-export', '--database-url', nowhere],
        (error) => resolve(error?.code),
      ),
    );
    expect(code).toBe(2);
  });
});

it('an anchor is written once a day and never over', async () => {
  const before = await readdir(folder);
  expect(before).toEqual([`payment-export-${DAY}.anchor.json`]);
  const text = await readFile(join(folder, before[0]!), 'utf8');
  await record(1, 7);
  await appenderAt(`${DAY}T23:59:59.999Z`).run();
  expect(await readFile(join(folder, before[0]!), 'utf8')).toBe(text);
  await appenderAt('2026-08-21T00:00:00.000Z').run();
  expect((await readdir(folder)).sort()).toEqual([before[0], 'payment-export-2026-08-21.anchor.json']);
  expect(await verify()).toMatchObject({ code: 0, anchors: 2, signed: 2 });
});

/** What somebody with every right in the database can do. */
async function rewriteChain(): Promise<void> {
  interface Stored {
    seq: string;
    at: Date;
    subject: string;
    row_xid: string;
    row_id: string;
    content: string;
  }
  const { rows } = await admin.query<Stored>(
    'SELECT seq, at, subject, row_xid::text, row_id, content::text FROM audit_entry ORDER BY seq',
  );
  let previous: Buffer = GENESIS;
  for (const { seq, at, subject, row_xid: rowXid, row_id: rowId, content: old } of rows) {
    const content = old.includes('"revision": "1"') ? old.replace(/"pence": "\d+"/, '"pence": "1"') : old;
    const hash = linkHash(previous, { seq, at: at.toISOString(), subject, rowXid, rowId, content });
    await admin.query('UPDATE audit_entry SET content = $2, prev_hash = $3, hash = $4 WHERE seq = $1', [
      seq,
      content,
      previous,
      hash,
    ]);
    previous = hash;
  }
}
