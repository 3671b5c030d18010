import {
  BARRIER_RECORD_TYPE,
  BarrierRecordData,
  compileSchema,
  OUTBOX_SHARDS,
  uuidV7,
  type BarrierNode as RouteNode,
  type BarrierRouteName,
  type TopicName,
} from '@attest/contracts';
import type { OutboxRow } from '../outbox/outbox.js';
import { HEADER } from '../wire/envelope.js';
import { headerText, type LogRecord } from '../wire/log-record.js';

/** One control record: everything of this topic and shard that was committed before it lies before it in the log. */
export interface BarrierRecord {
  readonly barrierId: string;
  readonly route: BarrierRouteName;
  readonly topic: TopicName;
  readonly shard: number;
  readonly requestedBy: string;
  readonly expiresAt: string;
}

export interface SeenRecord extends BarrierRecord {
  readonly partition: number;
  readonly offset: bigint;
}

const fits = compileSchema(BarrierRecordData);

/** The control record in a log record; nothing when it is malformed: then its barrier runs into its time limit. */
export function readBarrierRecord(record: LogRecord): SeenRecord | undefined {
  if (record.value === null || headerText(record.headers, HEADER.type) !== BARRIER_RECORD_TYPE)
    return undefined;
  try {
    const data: unknown = JSON.parse(record.value.toString('utf8'));
    return fits(data)
      ? { ...(data as BarrierRecord), partition: record.partition, offset: record.offset }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A service's own records: one per topic that it writes and shard, each in its shard, idle or not. */
export function barrierRows(node: RouteNode, barrier: Omit<BarrierRecord, 'topic' | 'shard'>): OutboxRow[] {
  return node.writes.flatMap((topic) =>
    Array.from({ length: OUTBOX_SHARDS }, (_, shard) => {
      const data: BarrierRecord = { ...barrier, topic, shard };
      return {
        shard,
        id: uuidV7(),
        topic,
        key: `barrier:${barrier.barrierId}`,
        type: BARRIER_RECORD_TYPE,
        aggregateVersion: 0n,
        payload: JSON.stringify(data),
        headers: undefined,
        traceparent: undefined,
        tracestate: undefined,
      };
    }),
  );
}
