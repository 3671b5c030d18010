import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { BarrierListener, type Barrier, type BarrierListening } from '../src/index.js';
import { specDatabase, specLogger, specPrefix, specService, until } from './harness.js';
import type { SpecDatabase, SpecService } from './harness.js';

@BarrierListener('release')
class Refuses implements BarrierListening {
  readonly refused = new Set<string>();
  readonly attempts: { readonly barrierId: string; readonly at: number }[] = [];
  readonly given: string[] = [];
  async passed(): Promise<void> {}
  async aborted(_tx: Tx, { barrierId }: Barrier): Promise<void> {
    this.attempts.push({ barrierId, at: Date.now() });
    if (this.refused.has(barrierId)) throw new Error('the spec says so');
    this.given.push(barrierId);
  }
}

/** It waits for the second pause of a barrier that fails: 3 s. */
describe('a barrier whose listener throws when it is given up', () => {
  const listener = new Refuses();
  const errors: string[] = [];
  let db: SpecDatabase;
  let service: SpecService;

  beforeAll(async () => {
    db = await specDatabase();
    service = await specService(
      {
        service: 'payment-export',
        database: db.database,
        topicPrefix: specPrefix(),
        logger: { ...specLogger, error: (_facts, message) => void errors.push(message) },
      },
      { listeners: [listener] },
    );
  });
  afterAll(async () => {
    await service?.close();
    await db?.drop();
  });

  const expired = async (barrierId: string): Promise<void> => {
    await db.database.query(
      `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at)
       VALUES ($1, 'release', 'payment-export', now() - interval '2 minutes', now() - interval '1 minute')`,
      [barrierId],
    );
  };

  it('harms itself alone: the others are given up, replays go on, and it is tried again later each time', async () => {
    const [bad, good] = [uuidV7(), uuidV7()];
    listener.refused.add(bad);
    await expired(bad);
    await expired(good);
    await until('the other', () => listener.given.includes(good));
    await db.database.query(
      `INSERT INTO dead_letter_replay (id, consumer, filter, dry_run, requested_by, reason)
       VALUES ($1, 'payment-export', '{}', false, 'operator', 'spec')`,
      [uuidV7()],
    );
    await until('the replay', async () => {
      const { rows } = await db.database.query(`SELECT FROM dead_letter_replay WHERE status = 'done'`);
      return rows.length === 1;
    });
    await until('tried again', async () => {
      const { rows } = await db.database.query(
        `SELECT FROM barrier WHERE barrier_id = $1 AND status = 'waiting' AND failures = 3`,
        [bad],
      );
      return rows.length === 1;
    });
    const [first, second, third] = listener.attempts.filter((one) => one.barrierId === bad);
    expect(second!.at - first!.at).toBeGreaterThan(900);
    expect(third!.at - second!.at).toBeGreaterThan(1_800);
    expect(errors).toHaveLength(1);

    listener.refused.delete(bad);
    await db.database.query(`UPDATE barrier SET retry_at = now() WHERE barrier_id = $1`, [bad]);
    await until('given up', () => listener.given.includes(bad));
  });
});
