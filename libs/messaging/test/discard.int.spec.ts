import { AttestError } from '@attest/errors';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import {
  blockedKeys,
  DiscardListener,
  partitionOf,
  shardOf,
  type DiscardedEvent,
  type DiscardListening,
} from '../src/index.js';
import { add, counted, specPrefix, until } from './harness.js';
import { specRoute, type SpecRoute } from './route.js';

@DiscardListener('submissions')
class HearsDiscards implements DiscardListening {
  readonly heard: DiscardedEvent[] = [];
  /** What was applied of the key when it was told. */
  readonly appliedThen: number[] = [];
  refusal: Error | undefined;

  async discarded(tx: Tx, events: readonly DiscardedEvent[]): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.heard.push(...events);
    const { rowCount } = await tx.query(`SELECT FROM applied WHERE key = $1`, [events[0]!.key]);
    this.appliedThen.push(rowCount);
  }
}

@DiscardListener('approvals')
class HearsAnotherTopic extends HearsDiscards {}

describe('a dead letter that is discarded', () => {
  const topicPrefix = specPrefix();
  const listener = new HearsDiscards();
  const stranger = new HearsAnotherTopic();
  let route: SpecRoute;

  beforeAll(async () => void (route = await specRoute(topicPrefix, [listener, stranger])));
  afterEach(() => {
    listener.heard.length = 0;
    listener.appliedThen.length = 0;
    listener.refusal = undefined;
  });
  afterAll(() => route?.close());

  const waiting = (key: string, n: number) =>
    until('waiting', async () => {
      const { rows } = await route.receiver.database.query(
        `SELECT FROM dead_letter WHERE key = $1 AND status = 'dead'
         UNION ALL SELECT FROM parked_event WHERE key = $1`,
        [key],
      );
      return rows.length === n;
    });
  const discard = (key: string) =>
    route.aggregation.messaging.deadLetters.replay({
      key,
      discard: true,
      who: 'operator',
      why: 'made in error',
    });

  it('is told to whoever answers for its topic, with what it said, behind what was parked behind it', async () => {
    await route.receiver.database.query(`INSERT INTO defect (key, n) VALUES ('readable', 1)`);
    await add(route.intake.messaging, route.sender.database, [
      counted('readable', 1),
      counted('readable', 2),
    ]);
    await waiting('readable', 2);
    expect(await discard('readable')).toMatchObject({ discarded: 1, applied: 1, failed: [] });
    expect(listener.heard).toMatchObject([
      {
        topic: 'submissions',
        key: 'readable',
        type: 'spec.counted.v1',
        event: { data: { key: 'readable', n: 1 } },
        who: 'operator',
        why: 'made in error',
      },
    ]);
    expect(listener.appliedThen).toEqual([1]);
    expect(stranger.heard).toEqual([]);
  });

  it('is told by its key and its headers where it has no value', async () => {
    await route.producer.send({
      topic: `${topicPrefix}submissions`,
      messages: [
        {
          key: 'empty',
          value: null,
          partition: partitionOf(shardOf('empty'), 4),
          headers: {
            ce_specversion: '1.0',
            ce_id: uuidV7(),
            ce_type: 'spec.counted.v1',
            ce_source: 'extraction-intake',
            ce_aggregateversion: '7',
          },
        },
      ],
    });
    await waiting('empty', 1);
    expect(await discard('empty')).toMatchObject({ discarded: 1, failed: [] });
    expect(listener.heard).toMatchObject([
      { key: 'empty', event: null, type: 'spec.counted.v1', aggregateVersion: 7 },
    ]);
  });

  it('stays where its listener refuses, with the reason, and its key stays blocked', async () => {
    await route.receiver.database.query(`INSERT INTO defect (key, n) VALUES ('kept', 1)`);
    await add(route.intake.messaging, route.sender.database, [counted('kept', 1)]);
    await waiting('kept', 1);
    listener.refusal = new AttestError('MONEY_TOLD', 409, 'it says what became of money');
    expect(await discard('kept')).toMatchObject({
      discarded: 0,
      failed: [{ key: 'kept', message: 'it says what became of money' }],
    });
    expect((await blockedKeys(route.receiver.database, 'submissions', ['kept'])).has('kept')).toBe(true);
    listener.refusal = undefined;
    expect(await discard('kept')).toMatchObject({ discarded: 1, failed: [] });
  });
});
