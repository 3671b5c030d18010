import { uuidV7 } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import type { Listeners } from '../listeners.js';
import type { Outbox } from '../outbox/outbox.js';
import { setInboxStatus } from '../reading/inbox.js';
import { HEADER, RAW, textOfBytes } from '../wire/envelope.js';
import { headerText, type EventRecord, type LogRecord } from '../wire/log-record.js';
import { shardOf } from '../wire/shards.js';
import { dlqTopic, isDeclared } from '../wire/topic-names.js';
import { EVERY_KEY } from './blocked-keys.js';

export interface BurialRecord {
  readonly key: string;
  readonly eventId: string | undefined;
  readonly record: LogRecord;
}

export interface FailureWords {
  readonly errorClass: string;
  readonly code: string;
  readonly message: string;
}

/** What may be kept of an error. A foreign error's message may quote a value, so only its class and code are kept. */
export function wordsOf(error: unknown): FailureWords {
  if (error instanceof AttestError)
    return { errorClass: error.name, code: error.code, message: error.detail };
  if (!(error instanceof Error))
    return { errorClass: typeof error, code: 'HANDLER_FAILED', message: 'no error object' };
  const { code } = error as { code?: unknown };
  return {
    errorClass: error.name,
    code: typeof code === 'string' ? `HANDLER_FAILED_${code}` : 'HANDLER_FAILED',
    message: 'Its words are not kept, because they may quote a value. Class and code say what failed.',
  };
}

/** Puts aside what cannot be applied, and what has to wait behind it. Everything happens in the chunk's transaction. */
export class Burial {
  constructor(
    private readonly consumer: string,
    private readonly outbox: Outbox,
    private readonly listeners: Listeners,
  ) {}

  /** Keeps a record as a dead letter, publishes its copy, and blocks its key. Answers its id, or nothing if it was one. */
  async bury(tx: Tx, dead: BurialRecord, error: unknown): Promise<string | undefined> {
    const { key, eventId, record } = dead;
    const { topic } = record;
    const words = wordsOf(error);
    const id = uuidV7();
    const kept = await tx.query(
      `INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, event_id, type, raw_key, raw_value, headers,
                                recorded_at, error_class, error_code, error_message)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, to_timestamp($12 / 1000.0), $13, $14, $15
       -- After a deliberate replay the same record comes again; it is buried already.
       WHERE NOT EXISTS (SELECT FROM dead_letter
                         WHERE consumer = $2 AND topic = $3 AND partition = $4 AND "offset" = $5 AND status = 'dead')`,
      [
        id,
        this.consumer,
        topic,
        record.partition,
        record.offset,
        key,
        eventId ?? null,
        headerText(record.headers, HEADER.type) ?? null,
        record.key,
        record.value,
        JSON.stringify(storedHeaders(record)),
        record.timestamp,
        words.errorClass,
        words.code,
        words.message,
      ],
    );
    if (kept.rowCount === 0) return undefined;
    if (eventId !== undefined) await setInboxStatus(tx, this.consumer, 'dead', topic, [eventId]);
    const blocked = await tx.query(
      `INSERT INTO blocked_key (consumer, topic, key, code, dead_letter_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (consumer, topic, key) DO NOTHING`,
      [this.consumer, topic, key, words.code, id],
    );
    await this.publishCopy(tx, dead, words);
    if (blocked.rowCount > 0 && isDeclared(topic))
      await this.listeners.parked(tx, { topic, key, code: words.code });
    return id;
  }

  /** Keeps events of blocked keys, in their order, until the dead letter before them is settled. */
  async park(tx: Tx, waiting: readonly EventRecord[]): Promise<void> {
    if (waiting.length === 0) return;
    const { topic, partition } = waiting[0]!.record;
    const bytes = (value: Buffer | null): string | null =>
      value === null ? null : `\\x${value.toString('hex')}`;
    await tx.query(
      `INSERT INTO parked_event (consumer, topic, partition, "offset", key, event_id, raw_key, raw_value, headers, recorded_at)
       SELECT $1, $2, $3, o, k, e, rk, rv, h, to_timestamp(t / 1000.0)
       FROM unnest($4::bigint[], $5::text[], $6::uuid[], $7::bytea[], $8::bytea[], $9::jsonb[], $10::float8[])
            AS p(o, k, e, rk, rv, h, t)
       ON CONFLICT DO NOTHING`,
      [
        this.consumer,
        topic,
        partition,
        plainArray(waiting.map(({ record }) => record.offset)),
        textArray(waiting.map(({ key }) => key)),
        plainArray(waiting.map(({ event }) => event.id)),
        textArray(waiting.map(({ record }) => bytes(record.key))),
        textArray(waiting.map(({ record }) => bytes(record.value))),
        textArray(waiting.map(({ record }) => JSON.stringify(storedHeaders(record)))),
        plainArray(waiting.map(({ record }) => record.timestamp)),
      ],
    );
    await setInboxStatus(
      tx,
      this.consumer,
      'parked',
      topic,
      waiting.map(({ event }) => event.id),
    );
  }

  private async publishCopy(tx: Tx, { key, record }: BurialRecord, words: FailureWords): Promise<void> {
    const { topic, partition, offset } = record;
    await this.outbox.insert(tx, [
      {
        shard: shardOf(key),
        id: uuidV7(),
        topic: dlqTopic(topic, this.consumer),
        key: key === EVERY_KEY && record.key === null ? '' : textOfBytes(record.key ?? Buffer.alloc(0)),
        type: 'dead-letter',
        aggregateVersion: 0n,
        payload: textOfBytes(record.value ?? Buffer.alloc(0)),
        headers: {
          ...storedHeaders(record),
          [RAW]: '1',
          'dlq-original-topic': topic,
          'dlq-original-partition': String(partition),
          'dlq-original-offset': String(offset),
          'dlq-original-timestamp': String(record.timestamp),
          'dlq-group': this.consumer,
          'dlq-error-class': words.errorClass,
          'dlq-error-code': words.code,
          'dlq-error-message': words.message,
          'dlq-attempt': '1',
          'dlq-first-failed-at': new Date().toISOString(),
        },
        traceparent: undefined,
        tracestate: undefined,
      },
    ]);
  }
}

/** Headers as JSON can hold them; bytes that are no text keep their mark. */
export function storedHeaders(record: LogRecord): Record<string, string> {
  const stored: Record<string, string> = {};
  for (const [name, value] of Object.entries(record.headers ?? {})) {
    const one = Array.isArray(value) ? value[0] : value;
    if (one !== undefined) stored[name] = textOfBytes(typeof one === 'string' ? Buffer.from(one) : one);
  }
  return stored;
}
