import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { keepHouse } from '../src/outbox/housekeeping.js';
import { forgetDone, remember, setInboxStatus } from '../src/reading/inbox.js';
import type { EventRecord } from '../src/wire/log-record.js';
import { specDatabase, type SpecDatabase } from './harness.js';

const CONSUMER = 'aggregation';
const [ONE, TWO, THREE] = [randomUUID(), randomUUID(), randomUUID()];

describe('an event that was noted', () => {
  let place: SpecDatabase;
  beforeAll(async () => {
    place = await specDatabase();
  });
  afterAll(() => place?.drop());
  beforeEach(() => place.database.query('TRUNCATE inbox, inbox_done'));

  const fresh = (ids: readonly string[], topic = 'submissions', consumer = CONSUMER): Promise<string[]> =>
    place.database.transaction(async (tx) => {
      const records = ids.map((id) => ({ event: { id } }) as unknown as EventRecord);
      return (await remember(tx, consumer, topic, records)).fresh.map((record) => record.event.id);
    });

  it('is new once, to each consumer, also in the first chunk that it ever reads', async () => {
    await place.database.query('DELETE FROM inbox_reader');
    expect(await fresh([ONE, TWO, ONE])).toEqual([ONE, TWO]);
    expect(await fresh([ONE, THREE, TWO])).toEqual([THREE]);
    expect(await fresh([ONE], 'submissions', 'aggregation.at-once')).toEqual([ONE]);
  });

  it('by a process of the version before is not new', async () => {
    await place.database.query(
      `INSERT INTO inbox (consumer, event_id, topic) VALUES ($1, $2, 'submissions')`,
      [CONSUMER, ONE],
    );
    expect(await fresh([ONE, TWO])).toEqual([TWO]);
  });

  it('as parked or dead is known when what is done is forgotten, of its topic alone', async () => {
    await fresh([ONE, TWO]);
    await fresh([THREE], 'organisations');
    await place.database.transaction((tx) => setInboxStatus(tx, CONSUMER, 'parked', 'submissions', [ONE]));
    await place.database.transaction((tx) => forgetDone(tx, CONSUMER, 'submissions'));
    expect(await fresh([ONE, TWO])).toEqual([TWO]);
    expect(await fresh([THREE], 'organisations')).toEqual([]);
  });

  it('is forgotten after sixty days, unless it is parked or dead and waits for an operator', async () => {
    await fresh([ONE, TWO, THREE]);
    await place.database.transaction((tx) => setInboxStatus(tx, CONSUMER, 'dead', 'submissions', [TWO]));
    await place.database.query(
      `INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, event_id, headers, recorded_at, error_class,
                                error_code, error_message)
       VALUES (gen_random_uuid(), $1, 'submissions', 0, 1, 'k', $2, '{}', now(), 'E', 'E', 'E')`,
      [CONSUMER, TWO],
    );
    await place.database.query(
      `UPDATE inbox_done SET received_on = current_date - 61 WHERE event_id = ANY($1)`,
      [[ONE, TWO]],
    );
    await place.database.query(`UPDATE inbox SET received_at = now() - interval '61 days'`);
    await keepHouse(place.database);
    expect(await fresh([ONE, TWO, THREE])).toEqual([ONE]);
  });
});
