import type { Tx } from '@attest/persistence';
import type { Listeners } from '../listeners.js';
import { PoisonStormError } from '../messaging.errors.js';
import { METRICS, type MessagingLogger, type MessagingMetrics } from '../ports.js';
import { forgetNoted } from '../reading/inbox.js';
import type { EventRecord } from '../wire/log-record.js';
import { isDeclared } from '../wire/topic-names.js';
import { EVERY_KEY } from './blocked-keys.js';

export interface StormLimits {
  /** More dead letters than this pause their topic; 0 never does. */
  readonly most: number;
  readonly withinMs: number;
}

export const STORM_CODE = 'POISON_STORM';
const PAUSED_BY = 'the service itself';

/**
 * A topic of which too much dies at once is paused: what is wrong is rather here, or at its writer, than in single
 * events. It fails closed: nobody knows what the unread rest says, so every key of the topic counts as blocked.
 */
export class PoisonStorms {
  constructor(
    private readonly consumer: string,
    private readonly listeners: Listeners,
    private readonly limits: StormLimits,
    private readonly logger: MessagingLogger,
    private readonly metrics: MessagingMetrics,
  ) {}

  /**
   * In the transaction that buried a record.
   * @returns whether that was one too many, and its topic is paused now
   */
  async pausedBy(tx: Tx, topic: string, deadLetterId: string): Promise<boolean> {
    const { most, withinMs } = this.limits;
    if (most === 0) return false;
    const { rows } = await tx.query<{ n: number }>(
      {
        name: 'dead-letters-lately',
        text: `SELECT count(*)::int AS n FROM (
                 SELECT FROM dead_letter WHERE consumer = $1 AND topic = $2
                    AND first_failed_at > greatest(now() - make_interval(secs => $3 / 1000.0),
                                                   (SELECT resumed_at FROM consumption_resume WHERE topic = $2))
                 LIMIT $4) d`,
      },
      [this.consumer, topic, withinMs, most + 1],
    );
    if (rows[0]!.n <= most) return false;
    await this.pause(tx, topic, deadLetterId);
    return true;
  }

  /** What was not come to before the pause is read again after it. */
  async leave(tx: Tx, left: readonly EventRecord[]): Promise<void> {
    if (left.length === 0) return;
    await forgetNoted(
      tx,
      this.consumer,
      left[0]!.record.topic,
      left.map(({ event }) => event.id),
    );
  }

  private async pause(tx: Tx, topic: string, deadLetterId: string): Promise<void> {
    const { most, withinMs } = this.limits;
    const storm = new PoisonStormError(topic, most, withinMs / 1_000);
    await tx.query(
      `INSERT INTO consumption_pause (topic, paused_by, reason, blocks_every_key) VALUES ($1, $2, $3, true)
       ON CONFLICT (topic) DO UPDATE SET blocks_every_key = true, reason = consumption_pause.reason || '; ' || excluded.reason`,
      [topic, PAUSED_BY, storm.detail],
    );
    const blocked = await tx.query(
      `INSERT INTO blocked_key (consumer, topic, key, code, dead_letter_id) VALUES ($1, $2, '${EVERY_KEY}', $3, $4)
       ON CONFLICT (consumer, topic, key) DO NOTHING`,
      [this.consumer, topic, STORM_CODE, deadLetterId],
    );
    if (blocked.rowCount > 0 && isDeclared(topic))
      await this.listeners.parked(tx, { topic, key: EVERY_KEY, code: STORM_CODE });
    tx.afterCommit(() => {
      this.logger.error({ error: storm, topic, consumer: this.consumer }, 'a poison storm paused a topic');
      this.metrics.count(METRICS.storms, 1, { service: this.consumer, topic });
    });
  }
}
