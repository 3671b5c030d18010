import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GENESIS, linkHash } from '@attest/audit';
import { chainUnderTest, codes, DAY, type ChainUnderTest } from './chain-under-test.js';

let chain: ChainUnderTest;

beforeAll(async () => {
  chain = await chainUnderTest('audit-anchors');
});
beforeEach(() => chain.begin());
afterAll(() => chain?.close());

describe('npm run audit:verify finds', () => {
  it('a chain that was written anew as a whole, by its anchor', async () => {
    await chain.admin.query('UPDATE history SET pence = 1 WHERE revision = 1');
    await rewriteChain();
    const found = await chain.verify();
    expect([found.code, codes(found)]).toEqual([1, ['CHAIN_REWRITTEN entry 8']]);
  });

  it('an anchor that somebody else wrote, and one whose entry is gone', async () => {
    const [name] = await readdir(chain.folder);
    const told = JSON.parse(await readFile(join(chain.folder, name!), 'utf8')) as { seq: string };
    // The head when the day's anchor was written: a transaction elsewhere may have kept the last rows back from it.
    await chain.admin.query('DELETE FROM audit_entry_row WHERE seq >= $1', [told.seq]);
    expect(codes(await chain.verify()).sort()).toEqual([`ANCHORED_ENTRY_REMOVED entry ${told.seq}`]);
    await writeFile(join(chain.folder, name!), JSON.stringify({ ...told, seq: '1' }));
    expect(codes(await chain.verify())).toContain(`ANCHOR_FORGED ${name}`);
    // A head of another day, in place of one that would show what was rewritten since.
    await writeFile(join(chain.folder, `payment-export-2024-08-22.anchor.json`), JSON.stringify(told));
    const swapped = await chain.verify();
    expect(codes(swapped)).toContain('ANCHOR_FORGED payment-export-2024-08-22.anchor.json');
    expect(swapped).toMatchObject({ anchors: 2, daysWithout: 1 });
    await rm(join(chain.folder, `payment-export-2024-08-22.anchor.json`));
    await writeFile(join(chain.folder, name!), 'nothing');
    expect(codes(await chain.verify())).toEqual([`ANCHOR_UNREADABLE ${name}`]);
  });

  it('anchors that were taken, the newest too: a day that chained something had one', async () => {
    await chainedOn('2024-08-21', 7);
    await chainedOn('2024-08-23', 8);
    const whole = await chain.verify();
    expect(whole).toMatchObject({ code: 0, anchors: 3, daysWithout: 1, faults: [] });
    expect([whole.head.seq, whole.firstAnchor, whole.newestAnchor]).toEqual([
      '10',
      { seq: '8', date: DAY },
      { seq: '10', date: '2024-08-23' },
    ]);
    const name = (day: string) => `payment-export-${day}.anchor.json`;
    await rm(join(chain.folder, name('2024-08-23')));
    const shortened = await chain.verify();
    expect([shortened.code, codes(shortened)]).toEqual([1, [`ANCHOR_MISSING ${name('2024-08-23')}`]]);
    expect(shortened).toMatchObject({ head: { seq: '10' }, newestAnchor: { seq: '9', date: '2024-08-21' } });
    expect(shortened.faults[0]!.words).toContain('Entries 10 to 10');
    await rm(join(chain.folder, name('2024-08-21')));
    expect(codes(await chain.verify())).toEqual([
      `ANCHOR_MISSING ${name('2024-08-21')}`,
      `ANCHOR_MISSING ${name('2024-08-23')}`,
    ]);
    await rm(join(chain.folder, name(DAY)));
    expect(codes(await chain.verify())).toEqual(['ANCHORS_MISSING entries 1 to 10']);
  });

  it("no fault where today's anchor is not there yet", async () => {
    await chain.record(1, 7);
    await chain.chain(chain.appenderAt(new Date().toISOString(), false), 9);
    expect(await chain.verify()).toMatchObject({ code: 0, head: { seq: '9' }, newestAnchor: { seq: '8' } });
  });

  it('no fault in a chain of nothing without anchors', async () => {
    await chain.admin.query('TRUNCATE audit_entry_row, audit_lot, history, sent');
    await rm(join(chain.folder, `payment-export-${DAY}.anchor.json`));
    expect(await chain.verify()).toMatchObject({
      code: 0,
      anchors: 0,
      firstAnchor: null,
      newestAnchor: null,
    });
  });

  it('that a folder of anchors is not there, and says that it could not look', async () => {
    const found = await chain.verify(join(chain.folder, 'elsewhere'));
    expect(found.code).toBe(2);
    expect(found.said).toContain('AUDIT_ANCHOR_STORE');
  });
});

it('an anchor is written once a day and never over', async () => {
  const before = await readdir(chain.folder);
  expect(before).toEqual([`payment-export-${DAY}.anchor.json`]);
  const text = await readFile(join(chain.folder, before[0]!), 'utf8');
  await chain.record(1, 7);
  await chain.appenderAt(`${DAY}T23:59:59.999Z`).run();
  expect(await readFile(join(chain.folder, before[0]!), 'utf8')).toBe(text);
  await chain.appenderAt('2024-08-21T00:00:00.000Z').run();
  expect((await readdir(chain.folder)).sort()).toEqual([before[0], 'payment-export-2024-08-21.anchor.json']);
  expect(await chain.verify()).toMatchObject({ code: 0, anchors: 2, signed: 2 });
});

/** One more row, and an anchor over it. */
async function chainedOn(day: string, revision: number): Promise<void> {
  await chain.record(1, revision);
  await chain.chain(chain.appenderAt(`${day}T09:00:00.000Z`, false), revision + 2);
  await chain.appenderAt(`${day}T09:00:00.000Z`).run();
}

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
  const { rows } = await chain.admin.query<Stored>(
    'SELECT seq, at, subject, row_xid::text, row_id, content::text FROM audit_entry ORDER BY seq',
  );
  let previous: Buffer = GENESIS;
  for (const { seq, at, subject, row_xid: rowXid, row_id: rowId, content: old } of rows) {
    const content = old.includes('"revision": "1"') ? old.replace(/"pence": "\d+"/, '"pence": "1"') : old;
    const hash = linkHash(previous, { seq, at: at.toISOString(), subject, rowXid, rowId, content });
    await chain.admin.query(
      'UPDATE audit_entry_row SET content = $2, prev_hash = $3, hash = $4 WHERE seq = $1',
      [seq, content, previous, hash],
    );
    previous = hash;
  }
}
