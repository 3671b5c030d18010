import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
import { Joining } from './joining.js';
import { KafkaAccessRefusedError } from './kafka/access-refused.js';
import { quietKafka } from './kafka/index.js';
import { PartitionCountError, TopicsNotReadyError } from './messaging.errors.js';
import { silentLogger } from './ports.js';

/** What the client throws where nobody listens. */
let away: Error;
beforeAll(async () => {
  const admin = quietKafka({ brokers: ['127.0.0.1:1'], retry: { retries: 1, initialRetryTime: 1 } }).admin();
  away = await admin.connect().then(
    () => new Error('somebody listens'),
    (error: Error) => error,
  );
});
const counts = new PartitionCountError([{ topic: 'payments', has: 2, declared: 4 }]);

let joining: Joining;
const lines: string[] = [];
const fatals: Error[] = [];

/** @param failures what each try meets; the one behind the last of them joins */
async function begin(...failures: Error[]): Promise<{ readonly tries: number; readonly joined: boolean }> {
  lines.length = fatals.length = 0;
  const note = (level: string) => (_: object, message: string) => void lines.push(`${level} ${message}`);
  joining = new Joining(
    'catalogue',
    { ...silentLogger, info: note('info'), warn: note('warn'), error: note('error') },
    (error) => void fatals.push(error),
  );
  const seen = { tries: 0, joined: false };
  await joining.begin(() => {
    const failure = failures[seen.tries++];
    seen.joined = failure === undefined;
    return failure ? Promise.reject(failure) : Promise.resolve();
  });
  return seen;
}

describe('whoever joins a broker', () => {
  afterEach(() => joining.stop());

  it('goes on by itself while none answers, waits longer each time, and says it in one line', async () => {
    const since = performance.now();
    const seen = await begin(away, new TopicsNotReadyError(['payments'], 30));
    expect(seen).toEqual({ tries: 1, joined: false });
    await eventually(() => seen.joined);
    // 500 and 1,000 ms lie between three tries.
    expect(performance.now() - since).toBeGreaterThan(1_400);
    await eventually(() => lines.length > 1);
    expect(lines).toEqual([
      expect.stringMatching(/^warn the broker does not answer/),
      expect.stringMatching(/^info the broker is there/),
    ]);
    expect(fatals).toEqual([]);
  });

  it.each([
    ['that refuses access', () => new KafkaAccessRefusedError('It has expired.', away)],
    ['whose topics differ from their contracts', () => counts],
    ['that meets a fault of ours', () => new TypeError('undefined is not a function')],
  ])('does not wait for one %s', async (_, refuse) => {
    const refusal = refuse();
    await expect(begin(refusal)).rejects.toBe(refusal);
    expect([lines, fatals]).toEqual([[], []]);
  });

  it('ends the process where that comes to light only when the broker comes', async () => {
    await begin(away, counts);
    await eventually(() => fatals.length > 0);
    expect(fatals).toEqual([counts]);
    expect(lines.at(-1)).toMatch(/^error messaging cannot join/);
  });

  it('tries no more once it stops', async () => {
    const seen = await begin(away, away, away);
    await joining.stop();
    expect(seen.tries).toBe(1);
  });
});
