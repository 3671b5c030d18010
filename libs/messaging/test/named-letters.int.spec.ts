import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import {
  blockedKeys,
  DiscardListener,
  ParkListener,
  partitionOf,
  shardOf,
  type DiscardedEvent,
  type DiscardListening,
  type ParkListening,
} from '../src/index.js';
import { specPrefix, until } from './harness.js';
import { specRoute, type SpecRoute } from './route.js';

@DiscardListener('submissions')
@ParkListener()
class Hears implements DiscardListening, ParkListening {
  readonly discardedIds: string[] = [];
  readonly opened: string[] = [];
  async discarded(_tx: Tx, events: readonly DiscardedEvent[]): Promise<void> {
    this.discardedIds.push(...events.map(({ deadLetterId }) => deadLetterId));
  }
  async parked(): Promise<void> {}
  async unparked(_tx: Tx, { key }: { key: string }): Promise<void> {
    this.opened.push(key);
  }
}

const UNREADABLE = 'not a number';

describe('of several dead letters of one key', () => {
  const topicPrefix = specPrefix();
  const hears = new Hears();
  let route: SpecRoute;

  beforeAll(async () => void (route = await specRoute(topicPrefix, [hears])));
  afterEach(() => {
    hears.discardedIds.length = 0;
    hears.opened.length = 0;
  });
  afterAll(() => route?.close());

  /** Sends one event after the other under a key; what is no number can never be applied. */
  const send = (key: string | null, values: readonly (number | string)[]) =>
    route.producer.send({
      topic: `${topicPrefix}submissions`,
      messages: values.map((n) => ({
        key,
        value: JSON.stringify({ key, n }),
        partition: partitionOf(shardOf(key ?? ''), 4),
        headers: {
          ce_specversion: '1.0',
          ce_id: uuidV7(),
          ce_type: 'spec.counted.v1',
          ce_source: 'extraction-intake',
          ce_aggregateversion: '1',
        },
      })),
    });
  const deadOf = async (key: string) =>
    (
      await route.receiver.database.query<{ id: string; eventId: string | null }>(
        `SELECT id, event_id AS "eventId" FROM dead_letter WHERE key = $1 AND status = 'dead' ORDER BY "offset"`,
        [key],
      )
    ).rows;
  const parkedOf = async (key: string) =>
    (await route.receiver.database.query(`SELECT FROM parked_event WHERE key = $1`, [key])).rows.length;
  const dead = (key: string, n: number) =>
    until(`${n} dead of ${key}`, async () => {
      const found = await deadOf(key);
      return found.length === n && found;
    });
  const pair = async (key: string) => {
    const [first, second] = await dead(key, 2);
    return [first!, second!] as const;
  };
  /** Dead, parked, dead, parked. */
  const twoOf = async (key: string) => {
    await send(key, [UNREADABLE, 1, UNREADABLE, 2]);
    await until('parked', async () => (await parkedOf(key)) === 2);
    return pair(key);
  };
  const ask = (filter: object) =>
    route.aggregation.messaging.deadLetters.replay({ ...filter, who: 'operator', why: 'spec' });
  const isBlocked = async (key: string) =>
    (await blockedKeys(route.receiver.database, 'submissions', [key])).has(key);
  const versionsOf = async (key: string) =>
    (
      await route.receiver.database.query<{ n: number }>(
        `SELECT n FROM applied WHERE key = $1 ORDER BY seq`,
        [key],
      )
    ).rows.map(({ n }) => n);

  it('only the one that is named is discarded, what waits behind it is applied up to the next, and the key stays blocked', async () => {
    const [first, second] = await twoOf('first');
    const named = { deadLetterId: first.id, discard: true };
    const would = await ask({ ...named, dryRun: true });
    expect(await deadOf('first')).toHaveLength(2);
    const did = await ask(named);
    expect(did).toMatchObject({ keys: 1, discarded: 1, applied: 1, failed: [] });
    expect(did.outcomes).toMatchObject([{ discarded: [first.id], stillDead: 1, stillParked: 1 }]);
    expect(would).toEqual({ ...did, replayId: would.replayId, dryRun: true });
    expect(hears.discardedIds.filter((id) => id !== first.id)).toEqual([]);
    expect(await deadOf('first')).toMatchObject([{ id: second.id }]);
    expect(await versionsOf('first')).toEqual([1]);
    expect([await isBlocked('first'), hears.opened]).toEqual([true, []]);
    expect(await ask({ deadLetterId: second.id, discard: true })).toMatchObject({ discarded: 1, applied: 1 });
    expect(await versionsOf('first')).toEqual([1, 2]);
    expect([await isBlocked('first'), hears.opened]).toEqual([false, ['first']]);
  });

  it('the later one is discarded alone, and nothing that waits behind the earlier moves', async () => {
    const [first, second] = await twoOf('later');
    expect(await ask({ deadLetterId: second.id, discard: true })).toMatchObject({ discarded: 1, applied: 0 });
    expect(await deadOf('later')).toMatchObject([{ id: first.id }]);
    expect([await parkedOf('later'), await isBlocked('later')]).toEqual([2, true]);
    expect(await ask({ key: 'later', discard: true })).toMatchObject({ discarded: 1, applied: 2 });
    expect(await versionsOf('later')).toEqual([1, 2]);
  });

  it('one that stands behind another is not replayed before it, and the answer names that', async () => {
    const [first, second] = await twoOf('order');
    const answer = await ask({ deadLetterId: second.id });
    expect(answer).toMatchObject({ applied: 0, failed: [{ key: 'order', code: 'DEAD_LETTER_BEFORE_IT' }] });
    expect(answer.failed[0]!.message).toContain(first.id);
    expect([await parkedOf('order'), (await deadOf('order')).length]).toEqual([2, 2]);
    await ask({ key: 'order', discard: true });
  });

  it('all are discarded when the key is named, and it opens', async () => {
    const [first, second] = await twoOf('all');
    const { outcomes } = await ask({ key: 'all', discard: true });
    expect(outcomes).toMatchObject([{ discarded: [first.id, second.id], stillDead: 0, stillParked: 0 }]);
    expect(hears.discardedIds).toEqual([first.id, second.id]);
    expect(await isBlocked('all')).toBe(false);
  });

  it('those that share the key of what is unreadable keep the topic blocked until the last is gone', async () => {
    await send(null, [1, 2]);
    const [first, second] = await pair('*');
    // Without an order among themselves, the later may go first.
    expect(await ask({ deadLetterId: second.id, discard: true })).toMatchObject({ discarded: 1, failed: [] });
    expect([await isBlocked('anybody'), hears.opened]).toEqual([true, []]);
    expect(await deadOf('*')).toMatchObject([{ id: first.id }]);
    expect(await ask({ deadLetterId: first.id, discard: true })).toMatchObject({ discarded: 1, failed: [] });
    expect([await isBlocked('anybody'), hears.opened]).toEqual([false, ['*']]);
  });
});
