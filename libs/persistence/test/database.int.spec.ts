import type { EventEmitter } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@attest/testing';
import {
  Database,
  isPassingFailure,
  migrate,
  type MigrationInterface,
  type QueryRunner,
} from '../src/index.js';

class CreateThing1776000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE thing (id bigint PRIMARY KEY, name text, day date, at timestamptz, amounts bigint[], facts jsonb, bytes bytea)`,
    );
  }
  async down(): Promise<void> {}
}

describe('a service’s database', () => {
  let made: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    made = await testDatabase('persistence');
    database = new Database({ url: made.url, poolSize: 5, applicationName: 'persistence-spec' });
  });
  afterAll(async () => {
    await database.close();
    await made.drop();
  });
  const count = async (): Promise<bigint> =>
    (await database.query<{ n: bigint }>(`SELECT count(*) AS n FROM thing`)).rows[0]!.n;

  it('is migrated once when replicas start together', async () => {
    const applied = await Promise.all([1, 2, 3].map(() => migrate(made.url, [CreateThing1776000000002])));
    expect(applied.flat()).toEqual(['CreateThing1776000000002']);
  });

  it('gives bigint, date, instant, arrays and JSON back as they went in, through COPY', async () => {
    const at = new Date('2026-07-31T23:30:00.123Z');
    const row = [
      9007199254740993n,
      'two\nlines\t\\',
      '2026-07-31',
      at,
      [1n, null],
      { a: 'b\n' },
      Buffer.from([0, 1, 255]),
    ];
    const copied = await database.transaction((tx) =>
      tx.copyIn('thing', ['id', 'name', 'day', 'at', 'amounts', 'facts', 'bytes'], [row]),
    );
    expect(copied).toBe(1);
    const { rows } = await database.query(`SELECT * FROM thing`);
    expect(rows).toEqual([
      { id: row[0], name: row[1], day: row[2], at, amounts: row[4], facts: row[5], bytes: row[6] },
    ]);
  });

  it('writes nothing when the work throws, and runs no action after commit', async () => {
    let acted = 0;
    const before = await count();
    const failing = database.transaction(async (tx) => {
      tx.afterCommit(() => acted++);
      await tx.query(`INSERT INTO thing (id) VALUES (1)`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await count()).toBe(before);
    expect(acted).toBe(0);
  });

  it('rolls a savepoint back to itself, and forgets what that wanted to do after commit', async () => {
    const done: string[] = [];
    await database.transaction(async (tx) => {
      tx.afterCommit(() => done.push('outer'));
      await tx.query(`INSERT INTO thing (id) VALUES (2)`);
      await tx
        .savepoint(async () => {
          tx.afterCommit(() => done.push('inner'));
          await tx.query(`INSERT INTO thing (id) VALUES (2)`);
        })
        .catch(() => undefined);
      await tx.query(`INSERT INTO thing (id) VALUES (3)`);
    });
    expect(done).toEqual(['outer']);
    const { rows } = await database.query(`SELECT id FROM thing WHERE id IN (2, 3) ORDER BY id`);
    expect(rows).toEqual([{ id: 2n }, { id: 3n }]);
  });

  it('never takes a rollback for a commit when a failure was swallowed', async () => {
    const swallowing = database.transaction(async (tx) => {
      await tx.query(`INSERT INTO thing (id) VALUES (4)`);
      await tx.query(`INSERT INTO thing (id) VALUES (4)`).catch(() => undefined);
    });
    await expect(swallowing).rejects.toMatchObject({ code: 'TRANSACTION_ROLLED_BACK' });
  });

  it('runs the work again when PostgreSQL chose it as the victim of a deadlock', async () => {
    await database.query(`INSERT INTO thing (id) VALUES (10), (11)`);
    let attempts = 0;
    let firstHasLocked = (): void => undefined;
    const bothLocked = new Promise<void>((resolve) => {
      let locked = 0;
      firstHasLocked = () => void (++locked === 2 && resolve());
    });
    const cross = (first: number, second: number) =>
      database.transaction(async (tx) => {
        attempts++;
        await tx.query(`UPDATE thing SET name = coalesce(name, '') || 'x' WHERE id = $1`, [first]);
        firstHasLocked();
        await bothLocked;
        await tx.query(`UPDATE thing SET name = coalesce(name, '') || 'x' WHERE id = $1`, [second]);
      });
    await Promise.all([cross(10, 11), cross(11, 10)]);
    expect(attempts).toBe(3);
    const { rows } = await database.query(`SELECT name FROM thing WHERE id IN (10, 11)`);
    expect(rows).toEqual([{ name: 'xx' }, { name: 'xx' }]);
  });

  it('gives the connection of a unit of work back that is abandoned while it opens, and opens it no more', async () => {
    const one = new Database({ url: made.url, poolSize: 1, applicationName: 'persistence-spec-unit' });
    const unit = one.unit({ lock: 'SELECT 1', opened: () => unit.abandon() });
    try {
      await expect(unit.open()).rejects.toMatchObject({ code: 'UNIT_ENDED' });
      await expect(unit.open()).rejects.toMatchObject({ code: 'UNIT_ENDED' });
      const { rows } = await database.query(
        `SELECT 1 FROM pg_stat_activity WHERE application_name = 'persistence-spec-unit' AND state <> 'idle'`,
      );
      expect(rows).toEqual([]);
    } finally {
      await one.close();
    }
  });

  it('tells a lost connection from a failure of the data', async () => {
    const lost = database.transaction(async (tx) => {
      const { rows } = await tx.query<{ pid: number }>(`SELECT pg_backend_pid() AS pid`);
      await database.query(`SELECT pg_terminate_backend($1)`, [rows[0]!.pid]);
      await tx.query(`SELECT 1`);
    });
    expect(await lost.catch(isPassingFailure)).toBe(true);
    const bad = database.query(`SELECT 1/0`);
    expect(await bad.catch(isPassingFailure)).toBe(false);
  });

  it('outlives a server that dies as it frees a connection for somebody who waits for one', async () => {
    const one = new Database({ url: made.url, poolSize: 1, applicationName: 'persistence-spec' });
    try {
      const client = await one.transaction(async (tx) => tx.client);
      const first = one.query(`SELECT 1`);
      const waiting = one.transaction((tx) => tx.query(`SELECT 2 AS n`));
      // As if the server's last words had come in the same packet as its answer: the pool has just handed it on.
      const { connection } = client as unknown as { connection: EventEmitter };
      connection.once('readyForQuery', () =>
        connection.emit(
          'errorMessage',
          Object.assign(new Error('terminating connection due to unexpected postmaster exit'), {
            code: '57P01',
          }),
        ),
      );
      await first;
      expect((await waiting).rows).toEqual([{ n: 2 }]);
      expect((await one.query(`SELECT 3 AS n`)).rows).toEqual([{ n: 3 }]);
    } finally {
      await one.close();
    }
  });
});
