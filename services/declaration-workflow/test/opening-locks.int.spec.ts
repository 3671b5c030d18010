import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Tx } from '@attest/persistence';
import { testDatabase, type TestDatabase } from '@attest/testing';
import pg from 'pg';
import { PgLocks } from '../src/persistence/core/locks.js';

let place: TestDatabase;
let opener: pg.Client;
let other: pg.Client;
const locks = new PgLocks();
const [MINE, THEIRS] = ['X00001', 'X00002'];
const DECLARATION = '00000000-0000-7000-8000-000000000001';

// Without the service, which takes these locks at its own times.
beforeAll(async () => {
  place = await testDatabase('opening-locks');
  [opener, other] = [
    new pg.Client({ connectionString: place.url }),
    new pg.Client({ connectionString: place.url }),
  ];
  await Promise.all([opener.connect(), other.connect()]);
  await opener.query(`CREATE TABLE declaration (declaration_id uuid, organisation_code text)`);
  await opener.query(`INSERT INTO declaration VALUES ($1, $2)`, [DECLARATION, MINE]);
});
afterAll(async () => {
  await opener?.end();
  await other?.end();
  await place?.drop();
});
beforeEach(async () => {
  for (const client of [opener, other]) await client.query('ROLLBACK; BEGIN');
});

const tx = (client: pg.Client): Tx => client as unknown as Tx;

/** Whether it waits for what the opener holds. */
async function waits(take: (locks: PgLocks, tx: Tx) => Promise<void>): Promise<boolean> {
  await other.query(`ROLLBACK; BEGIN; SET LOCAL lock_timeout = '50ms'`);
  return take(locks, tx(other)).then(
    () => false,
    (error: { code?: string }) => {
      if (error.code !== '55P03') throw error;
      return true;
    },
  );
}

/** Asked by somebody who must not wait. */
async function nothingIsOpened(): Promise<boolean> {
  await other.query('ROLLBACK; BEGIN');
  return locks.againstAllOpening(tx(other));
}

describe('a declaration that is being opened', () => {
  it('is waited for by a membership change of its organisation, and by no other', async () => {
    await locks.forOpening(tx(opener), { organisations: [MINE] });
    expect(await waits((all, at) => all.forMembershipChange(at, [THEIRS, MINE]))).toBe(true);
    expect(await waits((all, at) => all.forMembershipChange(at, [THEIRS]))).toBe(false);
    expect(await waits((all, at) => all.forOpening(at, { organisations: [MINE] }))).toBe(false);
    expect(await nothingIsOpened()).toBe(false);
  });

  it('beside others is known by them', async () => {
    await locks.forOpening(tx(opener), { declarations: [DECLARATION] });
    expect(await waits((all, at) => all.forMembershipChange(at, [MINE]))).toBe(true);
    expect(await waits((all, at) => all.forMembershipChange(at, [THEIRS]))).toBe(false);
  });

  it('is what nothing is, once it was opened', async () => {
    await locks.forOpening(tx(opener), { organisations: [MINE] });
    await opener.query('ROLLBACK; BEGIN');
    expect(await nothingIsOpened()).toBe(true);
    await opener.query(`SET LOCAL lock_timeout = '50ms'`);
    await expect(locks.forOpening(tx(opener), { organisations: [MINE] })).rejects.toMatchObject({
      code: '55P03',
    });
  });

  it('of whom nobody knows yet is waited for by every membership change', async () => {
    await locks.forOpening(tx(opener), 'anywhere');
    expect(await waits((all, at) => all.forMembershipChange(at, [THEIRS]))).toBe(true);
    expect(await nothingIsOpened()).toBe(false);
  });

  it('waits for a membership change of its organisation, and for no other', async () => {
    await locks.forMembershipChange(tx(opener), [MINE]);
    expect(await waits((all, at) => all.forOpening(at, { organisations: [THEIRS, MINE] }))).toBe(true);
    expect(await waits((all, at) => all.forOpening(at, { organisations: [THEIRS] }))).toBe(false);
    expect(await waits((all, at) => all.forOpening(at, 'anywhere'))).toBe(true);
  });
});
