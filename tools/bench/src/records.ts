// The events that relay and consumer are measured with: pages of about 500 bytes, as extraction-intake publishes them.
import { newEvent, PageReceivedV1, type NewEvent } from '@attest/contracts';
import { partitionOf, partitionsOf, shardOf } from '@attest/messaging';

const PRACTICES = 6_139;
const DATES = ['2026-04-30', '2026-05-31', '2026-06-30', '2026-07-31'];

export function pageEvents(count: number): NewEvent<typeof PageReceivedV1>[] {
  return Array.from({ length: count }, (_, i) =>
    newEvent(PageReceivedV1, {
      serviceCode: `BENCH${String(Math.floor(i / PRACTICES / DATES.length) % 100).padStart(2, '0')}`,
      achievementDate: DATES[Math.floor(i / PRACTICES) % DATES.length] ?? '',
      practiceCode: `X${String(i % PRACTICES).padStart(5, '0')}`,
      pageVersion: 1,
      rulePackVersion: 1,
      values: Array.from({ length: 20 }, (_, place) => ((i + 1) * (place + 7)) % 10_000),
      fileId: '01890000-0000-7000-8000-000000000000',
      fileName: 'bench-2026-07.csv',
      fileSha256: '0'.repeat(64),
      firstLine: i * 20 + 2,
      lastLine: i * 20 + 21,
      submittedAt: '2026-08-05T18:36:07.000Z',
    }),
  );
}

export interface RawMessage {
  readonly key: string;
  readonly value: string;
  readonly partition: number;
  readonly headers?: Record<string, string>;
  readonly timestamp: string;
}

/** The record that the product's relay would send for the event: the same key, value, headers and partition. */
export function messageOf(event: NewEvent, source: string): RawMessage {
  return {
    key: event.key,
    value: JSON.stringify(event.data),
    partition: partitionOf(shardOf(event.key), partitionsOf(event.definition.topic)),
    headers: {
      ce_specversion: '1.0',
      ce_id: event.id,
      ce_type: event.definition.type,
      ce_source: source,
      ce_aggregateversion: String(event.aggregateVersion),
    },
    timestamp: String(Date.now()),
  };
}
