import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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

describe('three relays', () => {
  const topicPrefix = specPrefix();
  let sender: SpecDatabase;
  let receiver: SpecDatabase;
  const relays: SpecService[] = [];
  let aggregation: SpecService;

  beforeAll(async () => {
    [sender, receiver] = await Promise.all([specDatabase(20), specDatabase()]);
    for (let i = 0; i < 3; i++)
      relays.push(
        await specService({ service: 'extraction-intake', database: sender.database, topicPrefix }),
      );
    aggregation = await specService(
      { service: 'aggregation', database: receiver.database, topicPrefix },
      { controllers: [AppliesCounted] },
    );
  });
  afterAll(async () => {
    await Promise.all(relays.map((relay) => relay.close()));
    await aggregation?.close();
    await sender?.drop();
    await receiver?.drop();
  });

  const owned = () => relays.map((relay) => relay.messaging.relay.ownedShards.length);

  it('share the shards, none left over and none owned twice', async () => {
    await until('shared', () => owned().every((n) => n >= 4) && owned().reduce((a, b) => a + b) === 16);
    const all = relays.flatMap((relay) => [...relay.messaging.relay.ownedShards]);
    expect(new Set(all).size).toBe(16);
  });

  it('keep the order of every key while writers compete and one of them leaves', async () => {
    const KEYS = 60;
    const ROUNDS = 200;
    const next = new Map<string, number>();
    const write = async (writer: number): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) {
        // Each key has one writer, as an aggregate under its lock has.
        const events = Array.from({ length: KEYS / 6 }, (_, i) => {
          const key = `k${writer * 10 + i}`;
          const n = next.get(key) ?? 0;
          next.set(key, n + 1);
          return counted(key, n);
        });
        await add(relays[writer % 3]!.messaging, sender.database, events);
        if (writer === 0 && round === ROUNDS / 2) await relays[2]!.messaging.relay.stop();
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(write));
    await until('all applied', async () => (await appliedCount(receiver.database)) >= KEYS * ROUNDS);
    expect(await appliedCount(receiver.database)).toBe(KEYS * ROUNDS);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
    await until('taken over', () => owned().reduce((a, b) => a + b) === 16 && owned()[2] === 0);
  });

  it('give up their shards when their connection is cut, and find each other again', async () => {
    await sender.asAdmin(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await until(
      'shared again',
      () =>
        owned().reduce((a, b) => a + b) === 16 &&
        new Set(relays.flatMap((r) => [...r.messaging.relay.ownedShards])).size === 16,
    );
    const before = await appliedCount(receiver.database);
    await add(
      relays[0]!.messaging,
      sender.database,
      Array.from({ length: 500 }, (_, i) => counted('after', i)),
    );
    await until('applied', async () => (await appliedCount(receiver.database)) === before + 500);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
  });
});
