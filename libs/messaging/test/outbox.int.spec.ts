import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Outbox } from '../src/outbox/outbox.js';
import { counted, specDatabase, type SpecDatabase } from './harness.js';

describe('what is put into the outbox', () => {
  let place: SpecDatabase;
  const outbox = new Outbox('extraction-intake', () => undefined);
  beforeAll(async () => {
    place = await specDatabase();
  });
  afterAll(() => place?.drop());

  const row = (payload: string) => ({
    shard: 1,
    id: randomUUID(),
    topic: 'submissions.dlq',
    key: 'k',
    type: 'spec.counted.v1',
    aggregateVersion: 1n,
    payload,
    headers: undefined,
    traceparent: undefined,
    tracestate: undefined,
  });

  it.each([
    ['one that is empty', ['']],
    ['several, some of them empty', ['', 'a', '']],
    ['quotes, backslashes and braces', ['{"a": "\\"b\\\\"}', "{},'NULL'"]],
    ['what usually divides them', ['a\x1eb', '\x1e', 'c']],
  ])('is the text that was said: %s', async (_, payloads) => {
    await place.database.query('DELETE FROM outbox');
    await place.database.transaction((tx) => outbox.insert(tx, payloads.map(row)));
    const { rows } = await place.database.query<{ payload: string }>(
      'SELECT payload FROM outbox ORDER BY seq',
    );
    expect(rows.map(({ payload }) => payload)).toEqual(payloads);
  });

  it('is nothing where the statement that it goes with fails, and that failure is told', async () => {
    await place.database.query('DELETE FROM outbox');
    const written = place.database.transaction(async (tx) => {
      const failing = tx.query('SELECT 1 / 0');
      failing.catch(() => undefined);
      await outbox.add(tx, [counted('k', 1)], failing);
    });
    await expect(written).rejects.toThrow(/division by zero/);
    const { rows } = await place.database.query('SELECT FROM outbox');
    expect(rows).toEqual([]);
  });
});
