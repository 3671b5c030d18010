import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SERVICES, type ServiceName } from '@attest/contracts';
import { startChild, type SpecChild } from './children.js';
import {
  add,
  AppliesCounted,
  appliedCount,
  counted,
  faultsOf,
  specDatabase,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

const EVENTS = 12_000;
const events = (from = 0) =>
  Array.from({ length: EVENTS }, (_, i) => counted(`k${i % 60}`, from + Math.floor(i / 60)));

describe('a relay that is killed', () => {
  const topicPrefix = specPrefix();
  let sender: SpecDatabase;
  let receiver: SpecDatabase;
  let intake: SpecService;
  let aggregation: SpecService;
  let total = 0;

  beforeAll(async () => {
    [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
    intake = await specService(
      { service: 'extraction-intake', database: sender.database, topicPrefix },
      { relay: false },
    );
    aggregation = await specService(
      { service: 'aggregation', database: receiver.database, topicPrefix },
      { controllers: [AppliesCounted] },
    );
  }, 60_000);
  afterAll(async () => {
    await intake?.close();
    await aggregation?.close();
    await sender?.drop();
    await receiver?.drop();
  }, 30_000);

  it.each(['relay-after-read:3', 'relay-after-send:3', 'relay-after-archive:3'])(
    'at %s leaves nothing lost, nothing applied twice and every key in order',
    async (crashAt) => {
      await intake.messaging.relay.stop();
      await add(intake.messaging, sender.database, events(total));
      total += EVENTS;
      const child = startChild({
        service: 'extraction-intake',
        url: sender.url,
        topicPrefix,
        consumes: false,
        crashAt,
      });
      expect(await child.ended).toBe('SIGKILL');
      intake.messaging.relay.start();
      await until('all applied', async () => (await appliedCount(receiver.database)) >= total);
      expect(await appliedCount(receiver.database)).toBe(total);
      expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
    },
    150_000,
  );
});

describe('a consumer that is killed', () => {
  const topicPrefix = specPrefix();
  const points = [
    'consumer-after-fence:2',
    'consumer-after-inbox:2',
    'consumer-after-effect:2',
    'consumer-before-commit:2',
    'consumer-after-commit:2',
    'consumer-after-offset',
  ];
  const consumers = SERVICES.filter((service) => service !== 'extraction-intake').slice(0, points.length);
  const at = new Map<ServiceName, { db: SpecDatabase; first: SpecChild; second?: SpecChild }>();
  let sender: SpecDatabase;
  let intake: SpecService;

  beforeAll(async () => {
    sender = await specDatabase();
    intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
    await Promise.all(
      consumers.map(async (service, i) => {
        const db = await specDatabase(3);
        const first = startChild({ service, url: db.url, topicPrefix, consumes: true, crashAt: points[i]! });
        at.set(service, { db, first });
        await first.started;
      }),
    );
    await add(intake.messaging, sender.database, events());
    // They all die in parallel and are started again in parallel: each group waits out the dead member's session.
    await Promise.all(
      [...at].map(async ([service, one]) => {
        if ((await one.first.ended) !== 'SIGKILL') throw new Error(`${service} did not die where it should`);
        one.second = startChild({ service, url: one.db.url, topicPrefix, consumes: true });
      }),
    );
  }, 240_000);
  afterAll(async () => {
    await Promise.all([...at.values()].map(({ second }) => second?.kill()));
    await Promise.all([...at.values()].map(({ db }) => db.drop()));
    await intake?.close();
    await sender?.drop();
  }, 30_000);

  it.each(points.map((point, i) => [point, consumers[i]!] as const))(
    'at %s has applied every event once and in order after its restart',
    async (_point, service) => {
      const { db } = at.get(service)!;
      await until('all applied', async () => (await appliedCount(db.database)) >= EVENTS, 120_000);
      expect(await appliedCount(db.database)).toBe(EVENTS);
      expect(await faultsOf(db.database)).toEqual({ twice: 0, outOfOrder: 0 });
    },
    150_000,
  );
});
