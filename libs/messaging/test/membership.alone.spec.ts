import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { newEvent } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '../src/index.js';
import { startChild, type SpecChild } from './children.js';
import {
  add,
  appliedCount,
  counted,
  Counted,
  faultsOf,
  specDatabase,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

/** What production has, see `messaging.ts`. These specs wait it out, so they take longer than others. */
const SESSION_MS = 8_000;
const READ_AGAIN_WITHIN_MS = 12_000;
const KEYS = 40;

let topicPrefix: string;
let sender: SpecDatabase;
let receiver: SpecDatabase;
let intake: SpecService;

beforeEach(async () => {
  topicPrefix = specPrefix();
  [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
  intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
});
afterEach(async () => {
  await intake.close();
  await Promise.all([sender.drop(), receiver.drop()]);
});

/** One event for each key: every partition has some. */
const round = (n: number) =>
  add(
    intake.messaging,
    sender.database,
    Array.from({ length: KEYS }, (_, i) => counted(`k${i}`, n)),
  );
const allApplied = (rounds: number): Promise<unknown> =>
  until('all applied', async () => (await appliedCount(receiver.database)) >= KEYS * rounds);

describe('after kill −9 of a consumer', () => {
  let children: SpecChild[];
  const child = (): SpecChild => {
    const started = startChild({
      service: 'aggregation',
      url: receiver.url,
      topicPrefix,
      consumes: true,
      sessionTimeoutMs: SESSION_MS,
    });
    children.push(started);
    return started;
  };
  beforeEach(() => void (children = []));
  afterEach(() => Promise.all(children.map((one) => one.kill())));

  it('its partitions are read again within 12 s by the one that is started in its place', async () => {
    const first = child();
    await first.started;
    await round(1);
    await allApplied(1);
    await first.kill();
    const killedAt = performance.now();
    child();
    await round(2);
    await allApplied(2);
    expect(performance.now() - killedAt).toBeLessThan(READ_AGAIN_WITHIN_MS);
  });

  it('its partitions are read again within 12 s by the two that are left', async () => {
    const [first] = [child(), child(), child()];
    await Promise.all(children.map(({ started }) => started));
    await round(1);
    await allApplied(1);
    await first!.kill();
    const killedAt = performance.now();
    await round(2);
    await allApplied(2);
    expect(performance.now() - killedAt).toBeLessThan(READ_AGAIN_WITHIN_MS);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
  });
});

describe('a batch that takes longer than a session', () => {
  const SHORT_SESSION_MS = 4_000;
  let begun: number;
  let ended: number;
  let services: SpecService[];

  /** In one call of the database, so that nothing of ours runs meanwhile. */
  @Controller()
  class Slow {
    @Consumes(Counted)
    async handle(
      @Payload() events: readonly ReceivedEvent<typeof Counted>[],
      @Ctx() { tx }: BatchContext,
    ): Promise<void> {
      const slow = events.some(({ data }) => data.key === 'slow');
      if (slow) {
        begun++;
        await tx.query(`SELECT pg_sleep(7)`);
      }
      for (const { id, data } of events)
        await tx.query(`INSERT INTO applied (key, n, event_id) VALUES ($1, $2, $3)`, [data.key, data.n, id]);
      if (slow) ended++;
    }
  }

  beforeEach(() => {
    begun = ended = 0;
    services = [];
  });
  afterEach(() => Promise.all(services.map((service) => service.close())));

  /** @returns how often it joined its group, and as whom: one that was put out comes back as another */
  const start = async (): Promise<{ joins: number; readonly members: Set<string> }> => {
    const service = await specService(
      {
        service: 'aggregation',
        database: receiver.database,
        topicPrefix,
        sessionTimeoutMs: SHORT_SESSION_MS,
      },
      { controllers: [Slow] },
    );
    services.push(service);
    const consumer = service.messaging.server.consumers[0]!;
    const seen = { joins: 0, members: new Set<string>() };
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      seen.joins++;
      seen.members.add(payload.memberId);
    });
    consumer.on(consumer.events.HEARTBEAT, ({ payload }) => void seen.members.add(payload.memberId));
    return seen;
  };

  it('leaves its consumer a member of the group', async () => {
    const seen = await start();
    await add(intake.messaging, sender.database, [newEvent(Counted, { key: 'slow', n: 1 })]);
    await until('it is applied', async () => (await appliedCount(receiver.database)) === 1);
    await round(1);
    await until('so is what follows', async () => (await appliedCount(receiver.database)) === 1 + KEYS);
    expect([begun, seen.members.size]).toEqual([1, 1]);
  });

  it('does not hold up others who join, and is committed once although its partition may be another’s by then', async () => {
    const seen = await start();
    await add(intake.messaging, sender.database, [newEvent(Counted, { key: 'slow', n: 1 })]);
    await until('it is at work', () => begun === 1);
    const before = seen.joins;
    await start();
    await round(1);
    await until('both have their part', () => seen.joins > before);
    expect(ended).toBe(0);
    await until('all is applied', async () => (await appliedCount(receiver.database)) === 1 + KEYS);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
    expect(begun).toBe(1);
  });
});
