import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { newEvent } from '@attest/contracts';
import {
  add,
  AppliesCounted,
  appliedCount,
  counted,
  faultsOf,
  specDatabase,
  specPrefix,
  specService,
  Unheard,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

describe('an event on its way', () => {
  let sender: SpecDatabase;
  let receiver: SpecDatabase;
  let intake: SpecService;
  let aggregation: SpecService;

  beforeAll(async () => {
    const topicPrefix = specPrefix();
    [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
    intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
    aggregation = await specService(
      { service: 'aggregation', database: receiver.database, topicPrefix },
      { controllers: [AppliesCounted] },
    );
  });
  afterAll(async () => {
    await intake?.close();
    await aggregation?.close();
    await sender?.drop();
    await receiver?.drop();
  });

  it('is applied once and in its order, and leaves the outbox for the archive', async () => {
    const events = Array.from({ length: 5_000 }, (_, i) => counted(`k${i % 40}`, Math.floor(i / 40)));
    await add(intake.messaging, sender.database, events);
    await until('all applied', async () => (await appliedCount(receiver.database)) >= 5_000);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
    await until('outbox empty', async () => {
      const { rows } = await sender.database.query<{ n: bigint }>(`SELECT count(*) AS n FROM outbox`);
      return rows[0]!.n === 0n;
    });
    const { rows } = await sender.database.query<{ n: bigint }>(
      `SELECT count(*) AS n FROM outbox_archive WHERE txid IS NOT NULL`,
    );
    expect(rows[0]!.n).toBe(5_000n);
  });

  it('waits for others while a bulk is at work, and goes when the bulk has ended or so much time has passed', async () => {
    const { pace } = intake.messaging;
    const arrives = async (n: number): Promise<void> => {
      await add(intake.messaging, sender.database, [counted('gathered', n)]);
      await until('applied', async () => {
        const { rows } = await receiver.database.query(
          `SELECT FROM applied WHERE key = 'gathered' AND n = $1`,
          [n],
        );
        return rows.length === 1;
      });
    };
    pace.begin('a bulk that goes on');
    const begun = Date.now();
    await arrives(1);
    expect(Date.now() - begun).toBeGreaterThan(900);
    const arriving = arrives(2);
    pace.end('a bulk that goes on');
    await arriving;
  });

  it('is skipped when no handler takes its type', async () => {
    await add(intake.messaging, sender.database, [newEvent(Unheard, { key: 'k1' }), counted('after', 1)]);
    await until('the next one', async () => {
      const { rows } = await receiver.database.query(`SELECT FROM applied WHERE key = 'after'`);
      return rows.length === 1;
    });
    const { rows } = await receiver.database.query(`SELECT FROM dead_letter`);
    expect(rows).toHaveLength(0);
  });

  it('wakes its relay once it is committed, not before', async () => {
    const woken = jest.spyOn(intake.messaging.relay, 'wake');
    await sender.database.transaction(async (tx) => {
      await intake.messaging.outbox.add(tx, [counted('quick', 1)]);
      expect(woken).not.toHaveBeenCalled();
    });
    expect(woken).toHaveBeenCalled();
  });
});
