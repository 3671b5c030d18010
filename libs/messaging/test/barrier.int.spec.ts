import { afterEach, describe, expect, it } from '@jest/globals';
import { BARRIER_ROUTES, SERVICES, type ServiceName } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { BarrierListener, type Barrier, type BarrierFailure, type BarrierListening } from '../src/index.js';
import {
  add,
  AppliesCounted,
  counted,
  specDatabase,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

const ROUTE = Object.keys(BARRIER_ROUTES.release.nodes) as ServiceName[];

@BarrierListener('release')
class NotesBarriers implements BarrierListening {
  readonly passedIds: string[] = [];
  readonly failures: BarrierFailure[] = [];
  /** Of how many passings and endings. */
  refusals = 0;
  async passed(_tx: Tx, barrier: Barrier): Promise<void> {
    if (this.refusals-- > 0) throw new Error('the spec says so');
    this.passedIds.push(barrier.barrierId);
  }
  async aborted(_tx: Tx, _barrier: Barrier, why: BarrierFailure): Promise<void> {
    this.failures.push(why);
  }
}

interface Route {
  readonly at: Map<ServiceName, { db: SpecDatabase; replicas: SpecService[] }>;
  readonly listener: NotesBarriers;
  request(): Promise<string>;
  /** Its time is over at these services, whatever the clock says. */
  timeIsOver(barrierId: string, services?: readonly ServiceName[]): Promise<void>;
  close(): Promise<void>;
}

async function startRoute({
  without = [],
  replicas = {},
}: { without?: ServiceName[]; replicas?: Partial<Record<ServiceName, number>> } = {}): Promise<Route> {
  const topicPrefix = specPrefix();
  const listener = new NotesBarriers();
  const at: Route['at'] = new Map();
  const start = async (service: ServiceName): Promise<void> => {
    const db = await specDatabase(6);
    const started: SpecService[] = [];
    for (let replica = 0; replica < (replicas[service] ?? 1); replica++)
      started.push(
        await specService(
          { service, database: db.database, topicPrefix },
          {
            controllers: service === 'aggregation' ? [AppliesCounted] : [],
            listeners: service === 'payment-export' ? [listener] : [],
          },
        ),
      );
    at.set(service, { db, replicas: started });
  };
  // The first creates the topics.
  await start(ROUTE[0]!);
  await Promise.all(
    ROUTE.slice(1)
      .filter((service) => !without.includes(service))
      .map(start),
  );
  return {
    at,
    listener,
    request: () => {
      const { db, replicas: all } = at.get('payment-export')!;
      return db.database.transaction((tx) =>
        all[0]!.messaging.barriers.request(tx, { route: 'release', limitMs: LONGER_THAN_ANY_SPEC_MS }),
      );
    },
    timeIsOver: async (barrierId, services = [...at.keys()]) => {
      for (const service of services)
        await at
          .get(service)!
          .db.database.query(
            `UPDATE barrier SET expires_at = now() - interval '1 minute' WHERE barrier_id = $1`,
            [barrierId],
          );
    },
    close: async () => {
      await Promise.all([...at.values()].flatMap(({ replicas: all }) => all.map((one) => one.close())));
      await Promise.all([...at.values()].map(({ db }) => db.drop()));
    },
  };
}

/** How long services take depends on what else the machine does: a spec says itself when the time is over. */
const LONGER_THAN_ANY_SPEC_MS = 3_600_000;

describe('a barrier', () => {
  let route: Route | undefined;
  afterEach(async () => {
    await route?.close();
    route = undefined;
  });

  const statusAt = async (service: ServiceName, barrierId: string): Promise<string | undefined> => {
    const { db } = route!.at.get(service)!;
    const { rows } = await db.database.query<{ status: string }>(
      `SELECT status FROM barrier WHERE barrier_id = $1`,
      [barrierId],
    );
    return rows[0]?.status;
  };

  /** What the requester has heard: who passed, and who said what it lacked. */
  const heardOf = async (barrierId: string): Promise<{ passed: string[]; lacking: string[] }> => {
    const { db } = route!.at.get('payment-export')!;
    const { rows } = await db.database.query<{ service: string; passed: boolean }>(
      `SELECT service, lacking IS NULL AS passed FROM barrier_service WHERE barrier_id = $1 ORDER BY service`,
      [barrierId],
    );
    const names = (passed: boolean) => rows.filter((row) => row.passed === passed).map((row) => row.service);
    return { passed: names(true), lacking: names(false) };
  };

  it('passes along the whole route behind everything that was committed before it, idle shards and all', async () => {
    route = await startRoute();
    const intake = route.at.get('extraction-intake')!;
    await add(
      intake.replicas[0]!.messaging,
      intake.db.database,
      Array.from({ length: 3_000 }, (_, i) => counted(`k${i % 7}`, i)),
    );
    const barrierId = await route.request();
    await until('passed', () => route!.listener.passedIds.includes(barrierId));
    const aggregation = route.at.get('aggregation')!;
    const { rows } = await aggregation.db.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM applied`,
    );
    expect(rows[0]!.n).toBe(3_000);
    for (const service of ROUTE)
      expect([service, await statusAt(service, barrierId)]).toEqual([service, 'passed']);
    const { rows: before } = await intake.db.database.query<{ all: boolean }>(
      `SELECT bool_and(pg_visible_in_snapshot(a.txid, b.snapshot::pg_snapshot)) AS all
       FROM outbox_archive a, barrier b WHERE b.barrier_id = $1 AND a.type = 'spec.counted.v1'`,
      [barrierId],
    );
    expect(before[0]!.all).toBe(true);
    expect(route.listener.failures).toEqual([]);
  });

  it('whose listener throws when it passes keeps no partition waiting, and passes when it is tried again', async () => {
    route = await startRoute();
    route.listener.refusals = 2;
    const first = await route.request();
    await until('refused', () => route!.listener.refusals <= 1);
    const second = await route.request();
    await until('both passed', () => route!.listener.passedIds.length === 2);
    expect([...route.listener.passedIds].sort()).toEqual([first, second].sort());
    expect(route.at.get('payment-export')!.replicas[0]!.fatal()).toBeUndefined();
  });

  it('is one of two at a time, and both pass', async () => {
    route = await startRoute();
    const [first, second] = await Promise.all([route.request(), route.request()]);
    await until('both passed', () => route!.listener.passedIds.length === 2);
    expect([...route.listener.passedIds].sort()).toEqual([first, second].sort());
  });

  it('is finished once when two replicas receive its last records at the same time', async () => {
    route = await startRoute({ replicas: { 'payment-export': 2, aggregation: 2 } });
    const ids = await Promise.all([1, 2, 3, 4].map(() => route!.request()));
    const ended = async () => {
      const statuses = await Promise.all(ids.map((id) => statusAt('payment-export', id)));
      return statuses.every((status) => status !== 'waiting') && statuses;
    };
    const statuses = await until('all ended', ended);
    expect({ statuses, failures: route.listener.failures }).toEqual({
      statuses: ids.map(() => 'passed'),
      failures: [],
    });
    expect([...route.listener.passedIds].sort()).toEqual([...ids].sort());
    const { db } = route.at.get('aggregation')!;
    const { rows } = await db.database.query<{ n: bigint }>(
      `SELECT count(*) AS n FROM (SELECT * FROM outbox UNION ALL SELECT * FROM outbox_archive) o WHERE type = 'barrier.record.v1'`,
    );
    expect(rows[0]!.n).toBe(BigInt(ids.length * 16));
  });

  it('passes although a key is parked, which fails closed by itself', async () => {
    route = await startRoute();
    const intake = route.at.get('extraction-intake')!;
    const aggregation = route.at.get('aggregation')!;
    await aggregation.db.database.query(`INSERT INTO defect (key, n) VALUES ('bad', 1)`);
    await add(intake.replicas[0]!.messaging, intake.db.database, [counted('bad', 1), counted('bad', 2)]);
    const barrierId = await route.request();
    await until('passed', () => route!.listener.passedIds.includes(barrierId));
    const { rows } = await aggregation.db.database.query(`SELECT key FROM blocked_key`);
    expect(rows).toEqual([{ key: 'bad' }]);
  });

  it('aborts at its time limit and names the service that is down, not those that waited for it', async () => {
    route = await startRoute({ without: ['extraction-intake'] });
    const barrierId = await route.request();
    await until(
      'all who can have passed',
      async () =>
        (await heardOf(barrierId)).passed.join() === 'catalogue,commissioner-approval,organisations',
    );
    await route.timeIsOver(barrierId);
    const [why] = await until(
      'aborted',
      () => route!.listener.failures.length > 0 && route!.listener.failures,
    );
    expect(why!.words).toBe('extraction-intake did not answer');
    expect(why!.lacking.map(({ service, topic, partition }) => `${service} ${topic}/${partition}`)).toEqual(
      [0, 1, 2, 3].map((partition) => `extraction-intake submissions/${partition}`),
    );
    expect(route.listener.passedIds).toEqual([]);
    await until(
      'aborted everywhere',
      async () => (await statusAt('declaration-workflow', barrierId)) === 'aborted',
    );
  });

  it('aborts naming topic, partition and shards where a live service did not receive all', async () => {
    route = await startRoute();
    const { replicas } = route.at.get('catalogue')!;
    await replicas[0]!.messaging.control.pause('organisations', 'operator', 'for a spec');
    const barrierId = await route.request();
    await until(
      'all who can have passed',
      async () =>
        (await heardOf(barrierId)).passed.join() ===
          'commissioner-approval,extraction-intake,organisations' &&
        (await statusAt('catalogue', barrierId)) === 'waiting',
    );
    // It says what it lacks before the requester gives up.
    await route.timeIsOver(barrierId, ['catalogue']);
    await until('heard', async () => (await heardOf(barrierId)).lacking.includes('catalogue'));
    await route.timeIsOver(barrierId, ['payment-export']);
    const [why] = await until(
      'aborted',
      () => route!.listener.failures.length > 0 && route!.listener.failures,
    );
    expect(why!.lacking).toEqual(
      [0, 1, 2, 3].map((partition) => ({
        service: 'catalogue',
        topic: 'organisations',
        partition,
        shards: [0, 4, 8, 12].map((shard) => shard + partition),
      })),
    );
    expect(why!.words).toMatch(/^catalogue has not received organisations\/0/);
  });
});

it('the route names services that exist', () => {
  for (const service of ROUTE) expect(SERVICES).toContain(service);
});
