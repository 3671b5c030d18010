import type { TopicName } from '@attest/contracts';
import { asWork, type Database, type Tx } from '@attest/persistence';
import type { BarrierNode } from '../barriers/barrier-node.js';
import type { Burial, BurialRecord } from '../dead-letters/burial.js';
import type { PoisonStorms } from '../dead-letters/poison-storm.js';
import { failpoint } from '../failpoint.js';
import { HEADER } from '../wire/envelope.js';
import { headerText, type EventRecord, type LogRecord, type ReadRecord } from '../wire/log-record.js';
import type { BatchContext } from '../wire/received-event.js';
import { spanOfProcess } from '../wire/spans.js';
import { rememberTraces } from '../wire/trace-of-cause.js';
import { applyBisected } from './bisection.js';
import { lockFence, moveFence } from './fence.js';
import type { HandlerTable } from './handler-table.js';
import { remember } from './inbox.js';

/** Neighbouring records of one partition, read and in order. */
export interface Chunk {
  readonly topic: TopicName;
  readonly partition: number;
  readonly firstOffset: bigint;
  readonly nextOffset: bigint;
  readonly records: readonly ReadRecord[];
}

export type ChunkOutcome =
  | {
      readonly kind: 'applied';
      /** The fence after the chunk. */
      readonly nextOffset: bigint;
      readonly applied: number;
      readonly duplicates: number;
      readonly parked: number;
      readonly buried: number;
    }
  /** The chunk begins above the fence, or there is none: nothing was applied. */
  | { readonly kind: 'gap' }
  | { readonly kind: 'paused' };

/** Applies one chunk in one transaction: fence, inbox, effect, outbox, dead letters and barrier together or not at all. */
export class ChunkApplier {
  constructor(
    private readonly consumer: string,
    private readonly database: Database,
    private readonly handlers: HandlerTable,
    private readonly burial: Burial,
    private readonly storms: PoisonStorms,
    private readonly barriers: BarrierNode,
  ) {}

  /**
   * @param bisect false for the first try, which spares savepoints; true once that has failed on something that will
   *   not pass by itself
   */
  async apply(chunk: Chunk, bisect: boolean, heartbeat: () => Promise<void>): Promise<ChunkOutcome> {
    const { topic, partition } = chunk;
    const traces = tracesOf(chunk.records);
    const span = spanOfProcess(
      topic,
      partition,
      this.consumer,
      chunk.records.length,
      [...traces.values()].map((trace) => trace.traceparent),
    );
    try {
      const outcome = await span.run(() =>
        asWork('chunk', () =>
          this.database.transaction(async (tx) => {
            if (traces.size > 0) rememberTraces(tx, traces);
            return this.inTransaction(tx, chunk, bisect, heartbeat);
          }),
        ),
      );
      span.end();
      return outcome;
    } catch (error) {
      span.fail(error);
      throw error;
    }
  }

  private async inTransaction(
    tx: Tx,
    chunk: Chunk,
    bisect: boolean,
    heartbeat: () => Promise<void>,
  ): Promise<ChunkOutcome> {
    const { topic, partition } = chunk;
    const fence = await lockFence(tx, this.consumer, topic, partition);
    if (!fence || chunk.firstOffset > fence.nextOffset) return { kind: 'gap' };
    if (fence.paused) return { kind: 'paused' };
    failpoint('consumer-after-fence');
    if (chunk.nextOffset <= fence.nextOffset)
      return {
        kind: 'applied',
        nextOffset: fence.nextOffset,
        applied: 0,
        duplicates: chunk.records.length,
        parked: 0,
        buried: 0,
      };

    const sorted = sortOut(chunk.records, fence.nextOffset);
    let parked = 0;
    let buried = 0;
    let stormed = false;
    /** What a storm has left: it is read again after the pause. */
    const left: Sorted['wanted'] = [];
    let fresh: readonly EventRecord[] = [];
    if (sorted.hasEvents || sorted.poison) {
      const remembered = await remember(tx, this.consumer, topic, sorted.events);
      fresh = remembered.fresh;
      failpoint('consumer-after-inbox');
      const batch: BatchContext = { tx, consumer: this.consumer };
      const apply = (records: readonly EventRecord[]): Promise<void> =>
        this.handlers.apply(
          topic,
          records.map((record) => record.event),
          batch,
        );
      if (!bisect && !sorted.poison && remembered.blocked.size === 0) {
        if (fresh.length > 0) await apply(fresh);
      } else {
        const blocked = new Set(remembered.blocked);
        const freshIds = new Set(fresh);
        const bury = async (dead: BurialRecord, error: unknown): Promise<void> => {
          buried++;
          blocked.add(dead.key);
          const id = await this.burial.bury(tx, dead, error);
          if (id !== undefined) stormed = await this.storms.pausedBy(tx, topic, id);
        };
        const how = {
          apply,
          heartbeat,
          isBlocked: (key: string) => blocked.has(key),
          isOver: () => stormed,
          leave: (records: readonly EventRecord[]) => void left.push(...records),
          bury: (record: EventRecord, error: unknown) =>
            bury({ key: record.key, eventId: record.event.id, record: record.record }, error),
          park: async (records: readonly EventRecord[]) => {
            parked += records.length;
            await this.burial.park(tx, records);
          },
        };
        // What cannot be read splits the chunk: before it its key is still open, behind it it is not.
        let run: EventRecord[] = [];
        for (const record of sorted.wanted) {
          if (record.kind === 'event') {
            if (freshIds.has(record)) run.push(record);
            continue;
          }
          await applyBisected(tx, run, how);
          run = [];
          if (stormed) left.push(record);
          else await bury(record, record.error);
        }
        await applyBisected(tx, run, how);
      }
      failpoint('consumer-after-effect');
    }
    const leftEvents = left.filter((record) => record.kind === 'event');
    await this.storms.leave(tx, leftEvents);
    const nextOffset = left.reduce(
      (first, { record }) => (record.offset < first ? record.offset : first),
      chunk.nextOffset,
    );
    const control = sorted.control.filter(({ offset }) => offset < nextOffset);
    if (control.length > 0) await this.barriers.arrived(tx, topic, partition, control);
    await moveFence(tx, this.consumer, topic, partition, nextOffset);
    failpoint('consumer-before-commit');
    return {
      kind: 'applied',
      nextOffset,
      applied: fresh.length - parked - leftEvents.length,
      duplicates: sorted.events.length - fresh.length,
      parked,
      buried,
    };
  }
}

interface Sorted {
  readonly events: EventRecord[];
  /** Events and poison in their order. */
  readonly wanted: Exclude<ReadRecord, { kind: 'control' } | { kind: 'unwanted' }>[];
  readonly control: LogRecord[];
  readonly hasEvents: boolean;
  readonly poison: boolean;
}

function sortOut(records: readonly ReadRecord[], from: bigint): Sorted {
  const events: EventRecord[] = [];
  const wanted: Sorted['wanted'] = [];
  const control: LogRecord[] = [];
  let poison = false;
  for (const record of records) {
    if (record.kind === 'unwanted' || record.record.offset < from) continue;
    if (record.kind === 'control') {
      control.push(record.record);
      continue;
    }
    wanted.push(record);
    if (record.kind === 'event') events.push(record);
    else poison = true;
  }
  return { events, wanted, control, hasEvents: events.length > 0, poison };
}

function tracesOf(
  records: readonly ReadRecord[],
): Map<string, { traceparent: string; tracestate: string | undefined }> {
  const traces = new Map<string, { traceparent: string; tracestate: string | undefined }>();
  for (const record of records) {
    if (record.kind !== 'event') continue;
    const traceparent = headerText(record.record.headers, HEADER.traceparent);
    if (traceparent !== undefined)
      traces.set(record.event.id, {
        traceparent,
        tracestate: headerText(record.record.headers, HEADER.tracestate),
      });
  }
  return traces;
}
