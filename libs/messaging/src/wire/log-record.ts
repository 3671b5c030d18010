import { isUtf8 } from 'node:buffer';
import {
  BARRIER_RECORD_TYPE,
  describeFault,
  eventDefinitions,
  type EventDefinition,
  type TopicName,
  UUID,
} from '@attest/contracts';
import { EVERY_KEY } from '../dead-letters/blocked-keys.js';
import type { IHeaders, KafkaMessage } from '../kafka/index.js';
import { UnknownEventVersionError, UnreadableRecordError } from '../messaging.errors.js';
import { HEADER } from './envelope.js';
import type { ReceivedEvent } from './received-event.js';

/** A record as it lies in the log; what dead letters and parked events keep. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders | undefined;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

export type ReadRecord =
  | {
      readonly kind: 'event';
      readonly key: string;
      readonly record: LogRecord;
      readonly event: ReceivedEvent;
    }
  | { readonly kind: 'control'; readonly record: LogRecord }
  | { readonly kind: 'unwanted' }
  | {
      readonly kind: 'poison';
      readonly key: string;
      readonly eventId: string | undefined;
      readonly record: LogRecord;
      readonly error: Error;
    };
export type EventRecord = Extract<ReadRecord, { kind: 'event' }>;
export type PoisonRecord = Extract<ReadRecord, { kind: 'poison' }>;

const UNWANTED = { kind: 'unwanted' } as const;
const VERSION = /\.v\d+$/;

/** Reads records of one topic for one consumer: what it handles, checked against the contract; the rest is told apart. */
export class RecordReader {
  private readonly dispositions = new Map<
    string,
    EventDefinition | 'unwanted' | 'unknown-version' | 'control'
  >();

  private lastTimestamp = NaN;
  private lastTime = '';

  constructor(
    private readonly topic: TopicName,
    private readonly handledTypes: ReadonlySet<string>,
  ) {}

  toRecord(partition: number, message: KafkaMessage): LogRecord {
    return {
      topic: this.topic,
      partition,
      offset: BigInt(message.offset),
      key: message.key,
      value: message.value,
      headers: message.headers,
      timestamp: Number(message.timestamp),
    };
  }

  /** @throws UnknownEventVersionError: newer code is needed, nothing may be skipped */
  read(record: LogRecord): ReadRecord {
    const type = headerText(record.headers, HEADER.type);
    if (type === undefined) return this.poison(record, 'it names no type');
    const disposition = this.dispositionOf(type);
    if (disposition === 'unwanted') return UNWANTED;
    if (disposition === 'control') return { kind: 'control', record };
    if (disposition === 'unknown-version')
      throw new UnknownEventVersionError(type, this.topic, record.partition, record.offset.toString());
    return this.readEvent(record, type, disposition);
  }

  private readEvent(record: LogRecord, type: string, definition: EventDefinition): ReadRecord {
    const { headers } = record;
    const id = headerText(headers, HEADER.id);
    if (id === undefined || !UUID.test(id)) return this.poison(record, 'its id is no UUID');
    if (record.key === null || !isUtf8(record.key)) return this.poison(record, 'its key is no text', id);
    if (record.value === null) return this.poison(record, 'it has no value', id);
    const version = headerText(headers, HEADER.aggregateVersion);
    if (version === undefined || !/^\d{1,18}$/.test(version))
      return this.poison(record, 'it has no version', id);
    let data: unknown;
    try {
      data = JSON.parse(record.value.toString('utf8'));
    } catch {
      return this.poison(record, 'its value is no JSON', id);
    }
    if (!definition.validate(data))
      return this.poison(record, describeFault(definition.validate), id, 'EVENT_DOES_NOT_FIT_CONTRACT');
    const key = record.key.toString('utf8');
    const event: ReceivedEvent = {
      id,
      type,
      topic: this.topic,
      key,
      aggregateVersion: BigInt(version),
      data: data as ReceivedEvent['data'],
      time: this.timeOf(record.timestamp),
      partition: record.partition,
      offset: record.offset,
      correlationId: headerText(headers, HEADER.correlationId),
      causationId: headerText(headers, HEADER.causationId),
      producer: headerText(headers, HEADER.source) ?? '',
      producerEpoch: Number(headerText(headers, HEADER.producerEpoch) ?? 0),
      republished: headerText(headers, HEADER.republished),
    };
    return { kind: 'event', key, record, event };
  }

  /** All events of one transaction have one time. */
  private timeOf(timestamp: number): string {
    if (timestamp !== this.lastTimestamp) {
      this.lastTimestamp = timestamp;
      this.lastTime = new Date(timestamp).toISOString();
    }
    return this.lastTime;
  }

  private poison(
    record: LogRecord,
    why: string,
    eventId?: string,
    code: 'EVENT_UNREADABLE' | 'EVENT_DOES_NOT_FIT_CONTRACT' = 'EVENT_UNREADABLE',
  ): PoisonRecord {
    const readable = record.key !== null && isUtf8(record.key) && !record.key.includes(0);
    return {
      kind: 'poison',
      key: readable ? record.key.toString('utf8') : EVERY_KEY,
      eventId,
      record,
      error: new UnreadableRecordError(readable ? code : 'EVENT_KEY_UNREADABLE', why),
    };
  }

  private dispositionOf(type: string): EventDefinition | 'unwanted' | 'unknown-version' | 'control' {
    let disposition = this.dispositions.get(type);
    if (disposition === undefined) {
      disposition = this.decide(type);
      this.dispositions.set(type, disposition);
    }
    return disposition;
  }

  private decide(type: string): EventDefinition | 'unwanted' | 'unknown-version' | 'control' {
    if (type === BARRIER_RECORD_TYPE) return 'control';
    const definition = eventDefinitions().get(type);
    if (this.handledTypes.has(type) && definition) return definition;
    // A version that contracts know but this service does not handle is published alongside one that it does.
    if (definition) return 'unwanted';
    const base = type.replace(VERSION, '');
    const known = [...this.handledTypes].some((handled) => handled.replace(VERSION, '') === base);
    return known ? 'unknown-version' : 'unwanted';
  }
}

export function headerText(headers: IHeaders | undefined, name: string): string | undefined {
  const value = headers?.[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value[0]?.toString();
  return typeof value === 'string' ? value : value.toString('utf8');
}
