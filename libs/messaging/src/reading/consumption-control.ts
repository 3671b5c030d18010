import type { TopicName } from '@attest/contracts';
import type { Database } from '@attest/persistence';

export interface ConsumptionPause {
  readonly topic: TopicName;
  readonly pausedBy: string;
  readonly reason: string;
  readonly pausedAt: Date;
}

/**
 * Stops and goes on with a service's consumption of a topic. Kept in the database, so that every replica obeys:
 * a chunk that begins after the pause was committed is not applied, and fetching stops within 200 ms.
 */
export class ConsumptionControl {
  constructor(private readonly database: Database) {}

  async pause(topic: TopicName, who: string, why: string): Promise<void> {
    await this.database.query(
      `INSERT INTO consumption_pause (topic, paused_by, reason) VALUES ($1, $2, $3) ON CONFLICT (topic) DO NOTHING`,
      [topic, who, why],
    );
  }

  async resume(topic: TopicName): Promise<void> {
    await this.database.query(`DELETE FROM consumption_pause WHERE topic = $1`, [topic]);
  }

  async paused(): Promise<ConsumptionPause[]> {
    const { rows } = await this.database.query<ConsumptionPause>(
      `SELECT topic, paused_by AS "pausedBy", reason, paused_at AS "pausedAt" FROM consumption_pause ORDER BY topic`,
    );
    return rows;
  }
}
