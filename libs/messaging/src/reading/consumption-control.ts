import type { TopicName } from '@attest/contracts';
import type { Database } from '@attest/persistence';
import { EVERY_KEY } from '../dead-letters/blocked-keys.js';
import { blockOrOpen } from '../dead-letters/dead-letter-store.js';
import type { Listeners } from '../listeners.js';

export interface ConsumptionPause {
  readonly topic: TopicName;
  /** A person, or the service itself when too much of the topic died. */
  readonly pausedBy: string;
  readonly reason: string;
  readonly pausedAt: Date;
  /** Then whatever depends on the topic is refused. An operator's pause is like a lag: what is known counts. */
  readonly blocksEveryKey: boolean;
}

/**
 * Stops and goes on with a service's consumption of a topic. Kept in the database, so that every replica obeys:
 * a chunk that begins after the pause was committed is not applied, and fetching stops within 200 ms.
 */
export class ConsumptionControl {
  constructor(
    private readonly consumer: string,
    private readonly database: Database,
    private readonly listeners: Listeners,
  ) {}

  async pause(topic: TopicName, who: string, why: string): Promise<void> {
    await this.database.query(
      `INSERT INTO consumption_pause (topic, paused_by, reason) VALUES ($1, $2, $3) ON CONFLICT (topic) DO NOTHING`,
      [topic, who, why],
    );
  }

  /** Dead letters are counted anew from here on: the old ones alone would pause it again. */
  async resume(topic: TopicName, who: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      // So that no chunk buries or pauses meanwhile.
      await tx.query(
        `SELECT FROM consumer_fence WHERE consumer = $1 AND topic = $2 ORDER BY partition FOR UPDATE`,
        [this.consumer, topic],
      );
      const { rows } = await tx.query<{ blocked: boolean }>(
        `DELETE FROM consumption_pause WHERE topic = $1 RETURNING blocks_every_key AS blocked`,
        [topic],
      );
      if (rows.length === 0) return;
      await tx.query(
        `INSERT INTO consumption_resume (topic, resumed_by) VALUES ($1, $2)
         ON CONFLICT (topic) DO UPDATE SET resumed_by = excluded.resumed_by, resumed_at = excluded.resumed_at`,
        [topic, who],
      );
      if (!rows[0]!.blocked) return;
      const { opened } = await blockOrOpen(tx, this.consumer, { topic, key: EVERY_KEY });
      if (opened) await this.listeners.unparked(tx, { topic, key: EVERY_KEY });
    });
  }

  async paused(): Promise<ConsumptionPause[]> {
    const { rows } = await this.database.query<ConsumptionPause>(
      `SELECT topic, paused_by AS "pausedBy", reason, paused_at AS "pausedAt", blocks_every_key AS "blocksEveryKey"
       FROM consumption_pause ORDER BY topic`,
    );
    return rows;
  }
}
