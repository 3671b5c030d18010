import type { IHeaders, Message } from '../kafka/index.js';
import { partitionOf } from './shards.js';

/**
 * CloudEvents 1.0, Kafka binary mode, with the required attributes and what our readers need. Each header costs the
 * client a buffer of its own, so what the record says anyway is left out: `time` is its timestamp, `subject` its key,
 * and without a content type the data are JSON.
 */
export const HEADER = {
  specversion: 'ce_specversion',
  id: 'ce_id',
  type: 'ce_type',
  source: 'ce_source',
  aggregateVersion: 'ce_aggregateversion',
  producerEpoch: 'ce_producerepoch',
  correlationId: 'ce_correlationid',
  causationId: 'ce_causationid',
  republished: 'ce_republished',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
} as const;

/** An outbox row as the relay reads it. */
export interface RelayedRow {
  readonly shard: number;
  readonly seq: string;
  readonly event_id: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly aggregate_version: string;
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
  /** Milliseconds since 1970. */
  readonly created_at: string;
}

/** Marks a row whose headers are complete and whose value and key may be bytes: a dead letter's copy. */
export const RAW = '~raw';
const BYTES = '~b64:';

/** Text as it is, anything that is no UTF-8 as base64 behind a mark, so that a dead letter keeps its bytes. */
export function textOfBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const clean = !text.includes('\0') && !text.startsWith(BYTES) && Buffer.from(text, 'utf8').equals(bytes);
  return clean ? text : BYTES + bytes.toString('base64');
}

export function bytesOfText(text: string): Buffer | string {
  return text.startsWith(BYTES) ? Buffer.from(text.slice(BYTES.length), 'base64') : text;
}

/** The Kafka record of an outbox row. */
export function toMessage(row: RelayedRow, partitions: number, source: string, epoch: number): Message {
  const partition = partitionOf(row.shard, partitions);
  if (row.headers !== null && RAW in row.headers) return rawMessage(row, partition, row.headers);
  const headers: IHeaders = {
    [HEADER.specversion]: '1.0',
    [HEADER.id]: row.event_id,
    [HEADER.type]: row.type,
    [HEADER.source]: source,
    [HEADER.aggregateVersion]: row.aggregate_version,
  };
  if (epoch > 0) headers[HEADER.producerEpoch] = String(epoch);
  if (row.traceparent !== null) headers[HEADER.traceparent] = row.traceparent;
  if (row.tracestate !== null) headers[HEADER.tracestate] = row.tracestate;
  if (row.headers !== null) Object.assign(headers, row.headers);
  return { key: row.key, value: row.payload, partition, headers, timestamp: row.created_at };
}

function rawMessage(row: RelayedRow, partition: number, stored: Readonly<Record<string, string>>): Message {
  const headers: IHeaders = {};
  for (const [name, value] of Object.entries(stored)) if (name !== RAW) headers[name] = bytesOfText(value);
  return {
    key: bytesOfText(row.key),
    value: bytesOfText(row.payload),
    partition,
    headers,
    timestamp: row.created_at,
  };
}
