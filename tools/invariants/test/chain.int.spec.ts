import { execFile } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chainUnderTest, codes, DAY, type ChainUnderTest } from './chain-under-test.js';

let chain: ChainUnderTest;
const again = () => chain.appenderAt(`${DAY}T02:00:00.000Z`);

beforeAll(async () => {
  chain = await chainUnderTest('audit-chain');
});
beforeEach(() => chain.begin());
afterAll(() => chain?.close());

const ROW = (revision: number) => `history line_id=01990000-0000-7000-8000-000000000001 revision=${revision}`;

describe('the chain', () => {
  it('holds every committed row in its order, and nothing is wrong with it', async () => {
    const found = await chain.verify();
    expect([found.code, found.entries, found.faults]).toEqual([0, 8, []]);
    expect(found.unchained).toEqual({ history: 0, sent: 0 });
    expect([found.anchors, found.signed]).toEqual([1, 1]);
  });

  it('goes on where it stopped, and tells how much it has not reached', async () => {
    await chain.record(3, 7);
    expect((await chain.verify()).unchained).toEqual({ history: 3, sent: 0 });
    await chain.chain(again(), 11);
    expect(await chain.verify()).toMatchObject({ code: 0, entries: 11, unchained: { history: 0, sent: 0 } });
  });

  it('does not pass a transaction that is still open, whichever commits first', async () => {
    const slow = await chain.database.connect();
    await slow.query('BEGIN');
    await chain.record(1, 7, slow);
    await chain.record(1, 8);
    await again().run();
    expect(await chain.verify()).toMatchObject({ code: 0, entries: 8, unchained: { history: 1 } });
    await slow.query('COMMIT');
    await slow.end();
    await chain.chain(again(), 10);
    expect(await chain.verify()).toMatchObject({ code: 0, entries: 10, unchained: { history: 0 } });
    const { rows } = await chain.database.query<{ revision: string }>(
      `SELECT content->>'revision' AS revision FROM audit_entry WHERE subject = 'history' ORDER BY seq DESC LIMIT 2`,
    );
    expect(rows.map((row) => row.revision)).toEqual(['8', '7']);
  });

  it('is written by one appender however many run', async () => {
    await chain.record(12_000, 7);
    await Promise.all(Array.from({ length: 4 }, () => again().run()));
    await chain.chain(again(), 12_008);
    expect(await chain.verify()).toMatchObject({ code: 0, entries: 12_008, faults: [] });
  });

  it('does not mind what an audited row may change, nor a column that comes later', async () => {
    await chain.database.query(`UPDATE sent SET stored_at = now()`);
    await chain.database.query(`ALTER TABLE history ADD COLUMN later text DEFAULT 'x'`);
    await chain.record(1, 7);
    await chain.chain(again(), 9);
    const found = await chain.verify();
    await chain.admin.query('ALTER TABLE history DROP COLUMN later CASCADE');
    expect(found).toMatchObject({ code: 0, entries: 9, faults: [] });
  });

  it.each([
    'UPDATE audit_entry_row SET seq = seq',
    'DELETE FROM audit_entry_row',
    'TRUNCATE audit_entry_row',
    'UPDATE audit_lot SET at = at',
    'DELETE FROM audit_lot',
    'TRUNCATE audit_lot',
    'UPDATE history SET pence = 0',
    'DELETE FROM history',
    'TRUNCATE history',
  ])('is append-only for the role that owns it: %s', async (statement) => {
    await expect(chain.database.query(statement)).rejects.toThrow(/permission denied/);
    // Nor does giving itself the right help.
    await chain.database.query(
      `GRANT UPDATE, DELETE, TRUNCATE ON audit_entry_row, audit_lot, history TO CURRENT_USER`,
    );
    await expect(chain.database.query(statement)).rejects.toThrow(/append-only/);
    await chain.database.query(
      `REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry_row, audit_lot, history FROM CURRENT_USER`,
    );
  });
});

describe('npm run audit:verify finds', () => {
  it.each<[string, string, unknown[]]>([
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
      [expect.stringMatching(new RegExp(`^ROW_INSERTED ${ROW(99)} `))],
    ],
    [
      'an altered entry',
      `UPDATE audit_entry_row SET content = jsonb_set(content, '{pence}', '"5"') WHERE seq = 2;
       UPDATE history SET pence = 5 WHERE revision = 2`,
      [`ENTRY_ALTERED ${ROW(2)} (entry 2)`],
    ],
    [
      'a removed entry',
      'DELETE FROM audit_entry_row WHERE seq = 5',
      ['ENTRY_REMOVED entries 5 to 5', `ROW_INSERTED`],
    ],
    [
      'two entries that changed places',
      `UPDATE audit_entry_row SET seq = seq + 100 WHERE seq IN (2, 3); UPDATE audit_entry_row SET seq = 105 - seq WHERE seq > 100`,
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
    await chain.admin.query(statement);
    const found = await chain.verify();
    if (statement.includes('RENAME')) await chain.admin.query('ALTER TABLE other RENAME TO sent');
    expect(found.code).toBe(1);
    const named = codes(found);
    for (const [at, one] of expected.entries())
      if (typeof one === 'string' && one.length < 20 && !one.includes(' ')) expect(named[at]).toContain(one);
      else expect(named[at]).toEqual(one);
  });

  it.each<[string, string, string[]]>([
    [
      'an altered row',
      'UPDATE history SET pence = 1 WHERE revision = 20',
      [`ROW_ALTERED ${ROW(20)} (entry 22)`],
    ],
    [
      'an altered entry',
      `UPDATE audit_lot SET content[3] = jsonb_set(content[3], '{pence}', '"5"');
       UPDATE history SET pence = 5 WHERE revision = 9`,
      [`ENTRY_ALTERED ${ROW(9)} (entry 11)`],
    ],
    [
      'an entry that lost its hash',
      'UPDATE audit_lot SET hash[3] = NULL',
      [`ENTRY_ALTERED ${ROW(9)} (entry 11)`, `ENTRY_ALTERED ${ROW(10)} (entry 12)`],
    ],
    ['a removed lot', 'DELETE FROM audit_lot', [`ROW_INSERTED ${ROW(7)} `]],
  ])('%s of a lot, and names it', async (_what, statement, expected) => {
    await chain.record(20, 7);
    await chain.chain(again(), 28);
    await chain.record(2, 27);
    await chain.chain(again(), 30);
    expect(await chain.verify()).toMatchObject({ code: 0, entries: 30, faults: [] });
    await chain.admin.query(statement);
    const found = await chain.verify();
    expect(found.code).toBe(1);
    if (statement.startsWith('DELETE')) expect(codes(found)[0]).toBe('ENTRY_REMOVED entries 9 to 28');
    for (const one of expected) expect(codes(found)).toContainEqual(expect.stringContaining(one));
  });

  it('nothing to look at, and says so', async () => {
    const found = await chain.verify();
    expect(found.code).toBe(0);
    const nowhere = chain.databaseUrl.replace(/\/[^/]*$/, '/nowhere_at_all');
    const code = await new Promise((resolve) =>
      execFile(
        process.execPath,
        ['tools/invariants/dist/audit/verify.js', '--service', 'payment-export', '--database-url', nowhere],
        (error) => resolve(error?.code),
      ),
    );
    expect(code).toBe(2);
  });
});
