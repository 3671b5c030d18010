// The running services from outside: what stands in their databases, and whether everything rests.
import type { Admin } from '@attest/messaging/kafka';
import type pg from 'pg';
import type { Services } from '@attest/invariants/services';
import { until } from '@attest/stack/http-client';

export interface OnlookerParts {
  /** Base URL by service name. */
  readonly urls: Readonly<Record<string, string>>;
  /** For counting, never for changing. */
  readonly database: (service: string) => pg.Pool;
  readonly admin: Admin;
  readonly topics: readonly string[];
}

interface ConsumerFence {
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: string;
}

export class Onlooker implements Services {
  readonly urls: OnlookerParts['urls'];
  readonly database: OnlookerParts['database'];
  private readonly admin: Admin;
  private readonly topics: readonly string[];

  constructor({ urls, database, admin, topics }: OnlookerParts) {
    this.urls = urls;
    this.database = database;
    this.admin = admin;
    this.topics = topics;
  }

  async rows<Row extends pg.QueryResultRow>(
    service: string,
    sql: string,
    values?: unknown[],
  ): Promise<Row[]> {
    return (await this.database(service).query<Row>(sql, values)).rows;
  }

  /** First column of the first row, as a number. */
  async count(service: string, sql: string, values?: unknown[]): Promise<number> {
    const [row] = await this.rows<Record<string, string | number>>(service, sql, values);
    return Number(row && Object.values(row)[0]);
  }

  /** Everything written has been read: outboxes empty, every consumer at the end of every topic that it follows. */
  async settled(withinMs = 120_000): Promise<void> {
    await until('outboxes are empty and consumers have no lag', () => this.isSettled(), {
      withinMs,
      // Each look asks every service: more often, it would be a load of its own.
      everyMs: 100,
    });
  }

  /**
   * The order matters: what a consumer wrote for the last event stands in its outbox or has moved a topic's end, so
   * outboxes are looked at after the fences, and the ends once more after the outboxes.
   */
  private async isSettled(): Promise<boolean> {
    try {
      return await this.looksSettled();
    } catch (error) {
      // A broker on a busy machine may lose its partitions for a moment: that is no answer yet, and no failure.
      if (error instanceof Error && 'retriable' in error && error.retriable) return false;
      throw error;
    }
  }

  private async looksSettled(): Promise<boolean> {
    const services = Object.keys(this.urls);
    const ends = await this.topicEnds();
    const read = await Promise.all(services.map((service) => this.hasReadTo(service, ends)));
    if (read.includes(false)) return false;
    const waiting = await Promise.all(
      services.map((service) => this.count(service, 'SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT 1) o')),
    );
    if (waiting.some((count) => count > 0)) return false;
    const endsNow = await this.topicEnds();
    return [...endsNow].every(([partition, end]) => ends.get(partition) === end);
  }

  private async topicEnds(): Promise<Map<string, bigint>> {
    const ends = new Map<string, bigint>();
    for (const topic of this.topics) {
      for (const { partition, high } of await this.admin.fetchTopicOffsets(topic))
        ends.set(`${topic}/${partition}`, BigInt(high));
    }
    return ends;
  }

  private async hasReadTo(service: string, ends: ReadonlyMap<string, bigint>): Promise<boolean> {
    const fences = await this.rows<ConsumerFence>(
      service,
      'SELECT topic, partition, next_offset::text FROM consumer_fence',
    );
    return fences.every(({ topic, partition, next_offset }) => {
      const end = ends.get(`${topic}/${partition}`);
      return end === undefined || BigInt(next_offset) >= end;
    });
  }
}
