import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, silentProxy, testDatabase, type TestDatabase } from '@attest/testing';
import {
  asWork,
  backgroundOf,
  Database,
  databaseFailure,
  isPassingFailure,
  LIMITS,
  type DatabaseOptions,
  type WorkKind,
} from '../src/index.js';

const SHORT = { statementMs: 300, lockMs: 200, idleInTransactionMs: 200 };
const SETTINGS = `SELECT current_setting('statement_timeout')::interval = $1 * interval '1 ms' AS statement,
                         current_setting('lock_timeout')::interval = $2 * interval '1 ms' AS lock,
                         current_setting('idle_in_transaction_session_timeout')::interval = $3 * interval '1 ms' AS idle,
                         current_setting('tcp_keepalives_idle') = '5' AS keepalive,
                         current_setting('tcp_user_timeout') IN ('20s', '20000') AS user_timeout`;

describe('a call to the database', () => {
  let made: TestDatabase;
  let usual: Database;
  const open = (options: Partial<DatabaseOptions> = {}): Database =>
    new Database({ url: made.url, poolSize: 1, applicationName: 'bounds-spec', ...options });
  /** A database of its own for one test. */
  const withDatabase = async <T>(
    options: Partial<DatabaseOptions>,
    work: (database: Database) => Promise<T>,
  ): Promise<T> => {
    const database = open(options);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  const failureOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error) => error,
    );

  beforeAll(async () => {
    made = await testDatabase('bounds');
    usual = open({ poolSize: 4 });
    await usual.query('CREATE TABLE thing (id int PRIMARY KEY)');
    await usual.query('INSERT INTO thing VALUES (1)');
  });
  afterAll(async () => {
    await usual.close();
    await made.drop();
  });

  const wanted = ({ statementMs, lockMs, idleInTransactionMs }: typeof SHORT) => [
    statementMs,
    lockMs,
    idleInTransactionMs,
  ];
  const ALL = [{ statement: true, lock: true, idle: true, keepalive: true, user_timeout: true }];

  it.each<WorkKind>(['request', 'chunk', 'job', 'housekeeping'])(
    'has the limits of its kind, in a transaction and outside of one: %s',
    async (kind) => {
      const limits = wanted(LIMITS[kind]);
      const inside = await asWork(kind, () => usual.transaction((tx) => tx.query(SETTINGS, limits)));
      const outside = await asWork(kind, () => usual.query(SETTINGS, limits));
      expect([inside.rows, outside.rows]).toEqual([ALL, ALL]);
      // The connection is given back with what the pool's connections have.
      expect((await usual.query(SETTINGS, wanted(LIMITS.request))).rows).toEqual(ALL);
    },
  );

  it('has the limits of a session on a connection of its own', async () => {
    const session = await usual.connect();
    const { rows } = await session.query(SETTINGS, wanted(LIMITS.session));
    await session.end();
    expect(rows).toEqual(ALL);
  });

  it('on a connection of its own may be made while others are under way: they are sent in their order', async () => {
    const session = await usual.connect();
    const order: number[] = [];
    const asked = [1, 2, 3].map(async (n) => {
      await session.query('SELECT pg_sleep(0.05)');
      order.push(n);
    });
    const failing = failureOf(session.query('SELECT 1 / 0'));
    // Nothing waits in the driver, which is about to refuse that.
    expect((session as unknown as { readonly _queryQueue: unknown[] })._queryQueue).toEqual([]);
    await Promise.all(asked);
    expect(await failing).toMatchObject({ code: '22012' });
    expect(order).toEqual([1, 2, 3]);
    await session.query('SELECT 1');
    await session.end();
  });

  it('asks no more often for its limits: they go with BEGIN', async () => {
    await withDatabase({}, async (database) => {
      const sent: unknown[] = [];
      await asWork('job', () =>
        database.transaction(async (tx) => {
          const { client } = tx;
          const query = client.query.bind(client) as (...words: unknown[]) => unknown;
          client.query = ((...words: unknown[]) => {
            sent.push(words[0]);
            return query(...words);
          }) as typeof client.query;
          await tx.query('SELECT 1');
        }),
      );
      await asWork('job', () => database.transaction((tx) => tx.query('SELECT 1')));
      expect(sent).toEqual([
        { text: 'SELECT 1' },
        'COMMIT',
        expect.stringMatching(/^BEGIN; SET LOCAL statement_timeout = 600000; /),
        { text: 'SELECT 1' },
        'COMMIT',
      ]);
    });
  });

  it('ends a statement that runs too long', () =>
    withDatabase({ limits: { request: SHORT, chunk: { statementMs: 60_000 } } }, async (database) => {
      expect(await failureOf(database.query('SELECT pg_sleep(60)'))).toMatchObject({ code: '57014' });
      // Another kind may take longer, on the same connection.
      await asWork('chunk', () => database.query('SELECT pg_sleep(0.5)'));
    }));

  // PostgreSQL's own limit does not reach it: what it reads from the client it reads to the end.
  it('ends a COPY that nobody feeds', () =>
    withDatabase({ limits: { request: SHORT }, answerGraceMs: 100 }, async (database) => {
      let fed = (): void => undefined;
      const never = new Promise<void>((resolve) => (fed = resolve));
      async function* rows(): AsyncGenerator<readonly unknown[]> {
        yield [7];
        await never;
      }
      const copied = database.transaction((tx) => tx.copyIn('thing', ['id'], rows()));
      expect(await failureOf(copied.finally(() => fed()))).toMatchObject({ code: '08006' });
      expect((await database.query('SELECT id FROM thing')).rows).toEqual([{ id: 1 }]);
    }));

  it('ends a wait for a lock', () =>
    withDatabase({ limits: { request: { lockMs: 200 } } }, (database) =>
      usual.transaction(async (tx) => {
        await tx.query('SELECT FROM thing WHERE id = 1 FOR UPDATE');
        await tx.query('SELECT pg_advisory_xact_lock(77)');
        const row = failureOf(database.query('SELECT FROM thing WHERE id = 1 FOR UPDATE'));
        expect(await row).toMatchObject({ code: '55P03' });
        expect(await failureOf(database.query('SELECT pg_advisory_lock(77)'))).toMatchObject({
          code: '55P03',
        });
      }),
    ));

  it('ends a session that does nothing in its transaction, and says why', () =>
    withDatabase({ limits: { request: SHORT } }, async (database) => {
      const failed = database.transaction(async (tx) => {
        const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await eventually(
          async () =>
            (await usual.query('SELECT FROM pg_stat_activity WHERE pid = $1', [rows[0]!.pid])).rowCount === 0,
        );
        await tx.query('SELECT 1');
      });
      expect(await failureOf(failed)).toMatchObject({ code: '25P03' });
      expect((await database.query('SELECT 2 AS n')).rows).toEqual([{ n: 2 }]);
    }));

  describe('of a server that falls silent', () => {
    const limits = { ...SHORT, idleInTransactionMs: 60_000 };
    const options = { limits: { request: limits, session: limits }, connectMs: 300, answerGraceMs: 100 };

    it('ends without an answer, and its connection is not used again', async () => {
      const proxy = await silentProxy(made.url);
      await withDatabase({ ...options, url: proxy.url }, async (database) => {
        const pid = async () =>
          (await database.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;
        const first = await pid();
        proxy.fallSilent();
        const unanswered = await failureOf(database.query('SELECT 1'));
        expect(unanswered).toMatchObject({ name: 'ConnectionLostError', code: '08006' });
        proxy.speak();
        expect(await pid()).not.toBe(first);
        const inTransaction = await failureOf(
          database.transaction(async (tx) => {
            proxy.fallSilent();
            await tx.query('SELECT 1');
          }),
        );
        proxy.speak();
        expect(inTransaction).toMatchObject({ code: '08006' });
        const inCopy = await failureOf(
          database.transaction(async (tx) => {
            proxy.fallSilent();
            await tx.copyIn('thing', ['id'], [[8]]);
          }),
        );
        proxy.speak();
        expect(inCopy).toMatchObject({ code: '08006' });
        expect((await database.query('SELECT id FROM thing')).rows).toEqual([{ id: 1 }]);
        const session = await database.connect();
        proxy.fallSilent();
        expect(await failureOf(session.query('SELECT 1'))).toMatchObject({ code: '08006' });
        proxy.speak();
      });
      await proxy.close();
    });

    it('ends a wait for a connection, of the pool and beside it', async () => {
      const proxy = await silentProxy(made.url);
      proxy.fallSilent();
      await withDatabase({ ...options, url: proxy.url }, async (database) => {
        for (const failure of [
          await failureOf(database.query('SELECT 1')),
          await failureOf(database.connect()),
        ])
          expect(databaseFailure(failure)).toMatchObject({ code: 'DATABASE_AWAY' });
      });
      await proxy.close();
    });
  });

  it('ends a wait for a free connection of the pool', () =>
    withDatabase({ connectMs: 200 }, (database) =>
      database.transaction(async () => {
        expect(databaseFailure(await failureOf(database.query('SELECT 1')))).toMatchObject({
          code: 'DATABASE_AWAY',
        });
      }),
    ));

  it('of a request finds a connection however much is done in the background', () =>
    withDatabase({ poolSize: 4, limits: { job: { lockMs: 300 } } }, async (database) => {
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => (end = resolve));
      let begun = 0;
      const hold = (kind: WorkKind) =>
        asWork(kind, () =>
          database.transaction(async () => {
            begun++;
            // Whoever has one already is given another: it could not wait for itself.
            if (kind === 'job') await database.query('SELECT 1');
            await ended;
          }),
        );
      const background = [hold('job'), hold('chunk'), hold('chunk')];
      await eventually(() => begun === backgroundOf(4));
      const waits = hold('chunk');
      expect(await failureOf(hold('job'))).toMatchObject({ name: 'NoConnectionFreeError' });
      expect((await database.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
      expect(begun).toBe(3);
      end();
      await Promise.all([...background, waits]);
      expect(begun).toBe(4);
    }));

  it('to a server that is no primary any more is made again, on a connection that is new', () =>
    withDatabase({ poolSize: 3 }, async (database) => {
      const pids = new Set<number>();
      let all = (): void => undefined;
      const together = new Promise<void>((resolve) => (all = resolve));
      // As a failover leaves them: every connection of the pool leads to a server that only reads.
      const demote = () =>
        database.transaction(async (tx) => {
          const { rows } = await tx.query<{ pid: number }>(
            `SELECT pg_backend_pid() AS pid, set_config('default_transaction_read_only', 'on', false)`,
          );
          if (pids.add(rows[0]!.pid).size === 3) all();
          await together;
        });
      await Promise.all([demote(), demote(), demote()]);
      const asked: number[] = [];
      await database.transaction(async (tx) => {
        const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        asked.push(rows[0]!.pid);
        await tx.query('UPDATE thing SET id = 1');
      });
      expect(asked.map((pid) => pids.has(pid))).toEqual([true, false]);
    }));

  it.each([
    ...['25006', '25P03', '57P01', '57P02', '57P03', '08000', '08006', '53300'],
    ...['EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED', 'EHOSTDOWN', 'ECONNREFUSED', 'ENETDOWN'],
  ])('that fails with %s may be made again: the database is away', (code) => {
    const error = Object.assign(new Error('away'), { code });
    expect([isPassingFailure(error), databaseFailure(error)?.code]).toEqual([true, 'DATABASE_AWAY']);
  });

  it.each([
    ['55P03', 'DATABASE_BUSY'],
    ['40P01', 'DATABASE_BUSY'],
    ['57014', 'STATEMENT_TOO_LONG'],
  ])('that fails with %s may be made again: %s', (code, told) => {
    const error = Object.assign(new Error('busy'), { code });
    expect([isPassingFailure(error), databaseFailure(error)?.code]).toEqual([true, told]);
  });

  it.each(['23505', '22012', '42601', 'ENOENT'])('that fails with %s fails again', (code) => {
    expect(isPassingFailure(Object.assign(new Error('no'), { code }))).toBe(false);
  });
});
