import { randomUUID } from 'node:crypto';
import { context, propagation } from '@opentelemetry/api';
import { currentCorrelationId } from '@attest/telemetry';
import { describeFault, TOPICS, type NewEvent } from '@attest/contracts';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { EventDoesNotFitError, NotTheWriterError } from '../messaging.errors.js';
import { HEADER } from '../wire/envelope.js';
import { shardOf } from '../wire/shards.js';
import { causeTrace } from '../wire/trace-of-cause.js';

/** A row as it enters the outbox, its shard already chosen. */
export interface OutboxRow {
  readonly shard: number;
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  readonly aggregateVersion: bigint;
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
}

/** Wakes whoever relays these shards; called after COMMIT. */
export type WakeRelay = (shards: ReadonlySet<number>) => void;

const INSERT = {
  name: 'outbox-add',
  text: `INSERT INTO outbox (shard, event_id, topic, key, type, aggregate_version, payload, headers, traceparent, tracestate)
         SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[],
                              (string_to_array($7, $11))[2:], $8::jsonb[], $9::text[], $10::text[])`,
};

/** Bounds one statement's size; an insert of this many rows is already as fast per row as it gets. */
const ROWS_PER_INSERT = 5_000;

/** What this service says, written in the transaction that makes it true. */
export class Outbox {
  constructor(
    readonly service: string,
    private readonly wake: WakeRelay,
  ) {}

  /**
   * Writes the events in their order. Lock the aggregates first: one aggregate's events are then committed, and so
   * relayed, in the order of their versions.
   * @param behind a statement of the same transaction: while the database works on it, the events are made and checked
   * @throws EventDoesNotFitError when data does not fit its contract; NotTheWriterError when the topic is another's
   */
  async add(tx: Tx, events: readonly NewEvent[], behind?: Promise<unknown>): Promise<void> {
    try {
      const active = activeTrace();
      const rows: OutboxRow[] = new Array<OutboxRow>(events.length);
      for (let i = 0; i < events.length; i++) rows[i] = this.rowOf(tx, events[i]!, active);
      await this.insert(tx, rows, behind);
    } finally {
      await behind;
    }
  }

  /** @internal What stands already, told again by a run whose id stands in the header. */
  async addRepublished(tx: Tx, events: readonly NewEvent[], runId: string): Promise<void> {
    if (events.length === 0) return;
    const active = activeTrace();
    const rows = events.map((event) => {
      const row = this.rowOf(tx, event, active);
      return { ...row, headers: { ...row.headers, [HEADER.republished]: runId } };
    });
    await this.insert(tx, rows);
  }

  /** @internal Control and dead-letter records, whose shard and headers are not those of an ordinary event. */
  async insert(tx: Tx, rows: readonly OutboxRow[], behind?: Promise<unknown>): Promise<void> {
    if (rows.length === 0) return;
    const statements: string[][] = [];
    for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
      statements.push(
        valuesOf(rows.length <= ROWS_PER_INSERT ? rows : rows.slice(from, from + ROWS_PER_INSERT)),
      );
    await behind;
    for (const values of statements) await tx.query(INSERT, values);
    const shards = new Set(rows.map((row) => row.shard));
    tx.afterCommit(() => this.wake(shards));
  }

  private rowOf(tx: Tx, event: NewEvent, active: Trace): OutboxRow {
    const { definition, data } = event;
    const writer = TOPICS[definition.topic].writer;
    if (writer !== 'any' && writer !== this.service)
      throw new NotTheWriterError(this.service, definition.topic);
    if (!definition.validate(data))
      throw new EventDoesNotFitError(definition.type, describeFault(definition.validate));
    const trace = (event.causedBy && causeTrace(tx, event.causedBy)) || active;
    return {
      shard: shardOf(event.key),
      id: event.id,
      topic: definition.topic,
      key: event.key,
      type: definition.type,
      aggregateVersion: event.aggregateVersion,
      payload: JSON.stringify(data),
      headers: causeHeaders(event),
      traceparent: trace.traceparent,
      tracestate: trace.tracestate,
    };
  }
}

function valuesOf(rows: readonly OutboxRow[]): string[] {
  const [payloads, separator] = joined(rows.map((row) => row.payload));
  return [
    plainArray(rows.map((row) => row.shard)),
    plainArray(rows.map((row) => row.id)),
    textArray(rows.map((row) => row.topic)),
    textArray(rows.map((row) => row.key)),
    textArray(rows.map((row) => row.type)),
    plainArray(rows.map((row) => row.aggregateVersion)),
    payloads,
    textArray(rows.map((row) => (row.headers ? JSON.stringify(row.headers) : null))),
    textArray(rows.map((row) => row.traceparent)),
    textArray(rows.map((row) => row.tracestate)),
    separator,
  ];
}

/**
 * JSON is half quotes, and each of them would be escaped here and unescaped by the server: what divides payloads is
 * something that is in none of them instead. It stands before the first, too: a text without anything would be read as no
 * payload instead of one that is empty.
 */
function joined(payloads: readonly string[]): [text: string, separator: string] {
  let separator = RECORD_SEPARATOR;
  while (payloads.some((payload) => payload.includes(separator))) separator = RECORD_SEPARATOR + randomUUID();
  return [separator + payloads.join(separator), separator];
}

/** In JSON it is always escaped; what a dead letter holds may be anything. */
const RECORD_SEPARATOR = '\x1e';

interface Trace {
  readonly traceparent: string | undefined;
  readonly tracestate: string | undefined;
}

function activeTrace(): Trace {
  const carrier: { traceparent?: string; tracestate?: string } = {};
  propagation.inject(context.active(), carrier);
  return { traceparent: carrier.traceparent, tracestate: carrier.tracestate };
}

function causeHeaders(event: NewEvent): Record<string, string> | undefined {
  const correlationId = event.correlationId ?? currentCorrelationId();
  if (event.causedBy === undefined && correlationId === undefined) return undefined;
  const headers: Record<string, string> = {};
  if (correlationId !== undefined) headers['ce_correlationid'] = correlationId;
  if (event.causedBy !== undefined) headers['ce_causationid'] = event.causedBy;
  return headers;
}
