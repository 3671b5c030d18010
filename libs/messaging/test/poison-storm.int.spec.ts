import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textArray, type Tx } from '@attest/persistence';
import {
  blockedKeys,
  ParkListener,
  partitionOf,
  shardOf,
  type ParkedKey,
  type ParkListening,
} from '../src/index.js';
import { add, AppliesCounted, appliedCount, counted, faultsOf, specDatabase, specLogger } from './harness.js';
import { specPrefix, specService, until, type SpecDatabase, type SpecService } from './harness.js';

@ParkListener()
class NotesEveryKey implements ParkListening {
  readonly heard: string[] = [];
  async parked(_tx: Tx, { key, code }: ParkedKey): Promise<void> {
    if (key === '*') this.heard.push(`parked ${code}`);
  }
  async unparked(_tx: Tx, { key }: Pick<ParkedKey, 'topic' | 'key'>): Promise<void> {
    if (key === '*') this.heard.push('unparked');
  }
}

const MOST = 5;
const BAD = 8;
/** Of one partition, whose chunks come one after the other. */
const keysOf = (word: string, n: number): string[] =>
  Array.from({ length: 400 }, (_, i) => `${word} ${i}`)
    .filter((key) => partitionOf(shardOf(key), 4) === 0)
    .slice(0, n);
const [BAD_KEYS, GOOD_KEYS] = [keysOf('bad', BAD), keysOf('good', BAD)];

describe('a poison storm', () => {
  const listener = new NotesEveryKey();
  const errors: { code: string; message: string }[] = [];
  const counts: string[] = [];
  let sender: SpecDatabase;
  let receiver: SpecDatabase;
  let intake: SpecService;
  let aggregation: SpecService;

  beforeAll(async () => {
    const topicPrefix = specPrefix();
    [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
    intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
    aggregation = await specService(
      {
        service: 'aggregation',
        database: receiver.database,
        topicPrefix,
        poisonStorm: { most: MOST, withinMs: 3_600_000 },
        metrics: { gauge: () => undefined, forget: () => undefined, count: (name) => void counts.push(name) },
        logger: {
          ...specLogger,
          error: (facts, message) =>
            void errors.push({ code: (facts as { error: { code: string } }).error.code, message }),
        },
      },
      { controllers: [AppliesCounted], listeners: [listener] },
    );
    await receiver.database.query(`INSERT INTO defect (key, n) SELECT unnest($1::text[]), 1`, [
      textArray(BAD_KEYS),
    ]);
  });
  afterAll(async () => {
    await intake?.close();
    await aggregation?.close();
    await Promise.all([sender?.drop(), receiver?.drop()]);
  });

  const deadCount = async () =>
    (await receiver.database.query(`SELECT FROM dead_letter WHERE status = 'dead'`)).rows.length;
  const replay = (more: object) =>
    aggregation.messaging.deadLetters.replay({ who: 'operator', why: 'spec', ...more });
  const isBlocked = async () => (await blockedKeys(receiver.database, 'submissions', ['good'])).has('good');
  const paused = () => aggregation.messaging.control.paused();
  const events = BAD_KEYS.flatMap((bad, i) => [counted(bad, 1), counted(bad, 2), counted(GOOD_KEYS[i]!, 1)]);

  it('pauses its topic with the dead letter that is one too many, says so once, and blocks every key', async () => {
    await add(intake.messaging, sender.database, events);
    await until('paused', async () => (await paused()).length === 1);
    expect(await paused()).toMatchObject([
      { topic: 'submissions', pausedBy: 'the service itself', blocksEveryKey: true },
    ]);
    expect((await paused())[0]!.reason).toContain(`More than ${MOST} events of submissions`);
    expect(await isBlocked()).toBe(true);
    expect(listener.heard).toEqual(['parked POISON_STORM']);
    await until('told', () => errors.length > 0);
    expect(errors).toEqual([{ code: 'POISON_STORM', message: 'a poison storm paused a topic' }]);
    expect(counts.filter((name) => name === 'attest_poison_storms_total')).toHaveLength(1);
    expect(await deadCount()).toBe(MOST + 1);
  });

  it('stays until an operator resumes it, whatever is discarded meanwhile', async () => {
    await receiver.database.query(`DELETE FROM defect`);
    expect(await replay({})).toMatchObject({ failed: [] });
    expect(await deadCount()).toBe(0);
    expect([(await paused()).length, await isBlocked()]).toEqual([1, true]);
  });

  it('is over with the resume: what was left is applied once and in order, and the count starts anew', async () => {
    await receiver.database.query(`INSERT INTO defect (key, n) VALUES ('later', 1)`);
    await aggregation.messaging.control.resume('submissions', 'operator');
    expect(await isBlocked()).toBe(false);
    expect(listener.heard).toEqual(['parked POISON_STORM', 'unparked']);
    await until('all', async () => (await appliedCount(receiver.database)) === events.length);
    expect(await faultsOf(receiver.database)).toEqual({ twice: 0, outOfOrder: 0 });
    await add(intake.messaging, sender.database, [counted('later', 1)]);
    await until('one more dead', async () => (await deadCount()) === 1);
    expect(await paused()).toEqual([]);
  });
});
