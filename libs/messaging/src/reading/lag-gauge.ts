import { OncePerMinute } from '@attest/telemetry';
import type { Admin } from '../kafka/index.js';
import { METRICS, type MessagingLogger, type MessagingMetrics } from '../ports.js';
import type { TopicNames } from '../wire/topic-names.js';
import type { MemberAssignment } from './fence-seeker.js';

const EVERY_MS = 5_000;

interface Position {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: bigint;
}

/**
 * How far a consumer is behind, for each of its partitions. Asked of the broker by a timer, so it is also told when
 * nothing arrives; taken back when the partition is another's, who tells it then.
 */
export class LagGauge {
  private readonly positions = new Map<string, Position>();
  private readonly unasked = new OncePerMinute();
  private readonly timer: NodeJS.Timeout;
  private asking = false;

  constructor(
    private readonly service: string,
    private readonly admin: Admin,
    private readonly names: TopicNames,
    private readonly logger: MessagingLogger,
    private readonly metrics: MessagingMetrics,
    everyMs = EVERY_MS,
  ) {
    this.timer = setInterval(() => void this.ask(), everyMs);
    this.timer.unref();
  }

  assigned(assignment: MemberAssignment): void {
    for (const [key, { topic, partition }] of this.positions)
      if (!assignment[topic]?.includes(partition)) this.forget(key);
  }

  /** @param topic by its name at the broker */
  reached(topic: string, partition: number, nextOffset: bigint): void {
    this.positions.set(`${topic}/${partition}`, { topic, partition, nextOffset });
  }

  /** @param topic by its name at the broker */
  tell(topic: string, partition: number, lag: bigint): void {
    this.metrics.gauge(METRICS.lag, Math.max(0, Number(lag)), this.labels(topic, partition));
  }

  stop(): void {
    clearInterval(this.timer);
    for (const key of this.positions.keys()) this.forget(key);
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      const topics = new Set([...this.positions.values()].map(({ topic }) => topic));
      for (const topic of topics)
        for (const { partition, high } of await this.admin.fetchTopicOffsets(topic)) {
          const position = this.positions.get(`${topic}/${partition}`);
          if (position) this.tell(topic, partition, BigInt(high) - position.nextOffset);
        }
    } catch (error) {
      const untold = this.unasked.tell('');
      if (untold !== undefined)
        this.logger.warn(
          { error, failures: untold + 1 },
          'the broker could not be asked how long its topics are',
        );
    } finally {
      this.asking = false;
    }
  }

  private forget(key: string): void {
    const { topic, partition } = this.positions.get(key)!;
    this.positions.delete(key);
    this.metrics.forget(METRICS.lag, this.labels(topic, partition));
  }

  private labels(topic: string, partition: number): Readonly<Record<string, string>> {
    return {
      service: this.service,
      topic: this.names.fromBroker(topic),
      partition: String(partition),
    };
  }
}
