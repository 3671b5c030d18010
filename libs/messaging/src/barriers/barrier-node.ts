import {
  BARRIER_ROUTES,
  BarrierAbortedV1,
  BarrierPassedV1,
  BarrierRequestedV1,
  newEvent,
  OUTBOX_SHARDS,
  type BarrierNode as RouteNode,
  type BarrierRoute,
  type BarrierRouteName,
  type ServiceName,
  type TopicName,
} from '@attest/contracts';
import { asWork, type Database, type Tx } from '@attest/persistence';
import type { BarrierFailure, BarrierLack, Listeners } from '../listeners.js';
import type { Outbox } from '../outbox/outbox.js';
import type { MessagingLogger } from '../ports.js';
import type { LogRecord } from '../wire/log-record.js';
import type { BatchContext, ReceivedEvent } from '../wire/received-event.js';
import { failureOf, lackedBy } from './barrier-lacks.js';
import { barrierRows, readBarrierRecord, type SeenRecord } from './barrier-records.js';
import * as store from './barrier-store.js';

/** The requester gives live services this long, past the limit, to say what they lacked. */
export const REPORT_GRACE_MS = 2_000;

export const BARRIER_EVENT_TYPES: readonly string[] = [
  BarrierRequestedV1.type,
  BarrierPassedV1.type,
  BarrierAbortedV1.type,
];

type BarrierEvent = ReceivedEvent<
  typeof BarrierRequestedV1 | typeof BarrierPassedV1 | typeof BarrierAbortedV1
>;

/** This service's part in barriers: it waits for the records of its route, then writes its own. */
export class BarrierNode {
  constructor(
    private readonly service: string,
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly listeners: Listeners,
    private readonly logger: MessagingLogger,
  ) {}

  /** Topics that this service must read for some route, whether or not it has handlers for them. */
  topics(): TopicName[] {
    const nodes = Object.keys(BARRIER_ROUTES).flatMap(
      (route) => this.nodeOf(route as BarrierRouteName) ?? [],
    );
    return nodes.length === 0
      ? []
      : [...new Set<TopicName>(['barriers', ...nodes.flatMap((node) => node.after)])];
  }

  /** The handler of the `barriers` topic. */
  async handle(events: readonly BarrierEvent[], { tx }: BatchContext): Promise<void> {
    for (const event of events) {
      if (event.type === 'barrier.requested.v1') await this.requested(tx, event.data);
      else if (event.type === 'barrier.passed.v1')
        await store.noteServicePassed(tx, event.data.barrierId, event.data.service);
      else await this.abortHeard(tx, event.producer, event.data);
    }
  }

  private async requested(tx: Tx, facts: store.BarrierFacts): Promise<void> {
    const node = this.nodeOf(facts.route);
    if (!node || isOver(facts.expiresAt)) return;
    const barrier = await store.lockBarrier(tx, facts);
    // Whoever waits for others passes when their records come, which may have been faster than the request.
    if (barrier.status === 'waiting' && node.after.length === 0) await this.pass(tx, barrier, node);
  }

  /** Control records in a chunk, after everything before them was applied in the same transaction. */
  async arrived(tx: Tx, topic: TopicName, partition: number, records: readonly LogRecord[]): Promise<void> {
    const byBarrier = new Map<string, SeenRecord[]>();
    for (const raw of records) {
      const record = readBarrierRecord(raw);
      if (!record || record.topic !== topic) {
        this.logger.error(
          { topic, partition, offset: raw.offset.toString() },
          'a barrier record could not be read',
        );
        continue;
      }
      if (!this.nodeOf(record.route)?.after.includes(topic) || isOver(record.expiresAt)) continue;
      byBarrier.set(record.barrierId, [...(byBarrier.get(record.barrierId) ?? []), record]);
    }
    // In one order everywhere, or two chunks with two barriers could lock them crosswise.
    for (const barrierId of [...byBarrier.keys()].sort()) await this.count(tx, byBarrier.get(barrierId)!);
  }

  private async count(tx: Tx, records: readonly SeenRecord[]): Promise<void> {
    const first = records[0]!;
    const node = this.nodeOf(first.route)!;
    const barrier = await store.lockBarrier(tx, first);
    await store.noteRecords(tx, barrier.barrierId, records);
    if (barrier.status !== 'waiting' || isOver(barrier.expiresAt)) return;
    const seen = await store.seenRecords(tx, barrier.barrierId);
    if (seen.size === node.after.length * OUTBOX_SHARDS) await this.pass(tx, barrier, node);
  }

  private async pass(tx: Tx, barrier: store.StoredBarrier, node: RouteNode): Promise<void> {
    const { barrierId, route, requestedBy, expiresAt } = barrier;
    const snapshot = await store.markPassed(tx, barrierId);
    await this.outbox.insert(
      tx,
      barrierRows(node, { barrierId, route, requestedBy, expiresAt: expiresAt.toISOString() }),
    );
    await this.outbox.add(tx, [
      newEvent(BarrierPassedV1, {
        barrierId,
        route,
        service: this.service as ServiceName,
        passedAt: new Date().toISOString(),
      }),
    ]);
    for (const listener of this.listeners.forRoute(route))
      await listener.passed(tx, { ...barrier, snapshot });
  }

  /** Gives up what is over. Called by every replica; the row's lock lets one do it. */
  async expire(): Promise<void> {
    const { rows } = await this.database.query<{ barrierId: string }>(
      `SELECT barrier_id AS "barrierId" FROM barrier
       WHERE status = 'waiting'
         AND expires_at < now() - CASE WHEN requested_by = $1 THEN make_interval(secs => $2 / 1000.0) ELSE interval '0' END
       ORDER BY barrier_id`,
      [this.service, REPORT_GRACE_MS],
    );
    for (const { barrierId } of rows)
      await asWork('chunk', () => this.database.transaction((tx) => this.giveUp(tx, barrierId)));
  }

  private async giveUp(tx: Tx, barrierId: string): Promise<void> {
    const barrier = await store.lockKnownBarrier(tx, barrierId);
    if (barrier?.status !== 'waiting') return;
    const route: BarrierRoute = BARRIER_ROUTES[barrier.route];
    const own = lackedBy(
      this.service,
      this.nodeOf(barrier.route)?.after ?? [],
      await store.seenRecords(tx, barrierId),
    );
    const progress = await store.progressOf(tx, barrierId);
    progress.reports.set(this.service, own);
    const why: BarrierFailure =
      barrier.requestedBy === this.service
        ? failureOf(route, progress)
        : { words: `${this.service} is still waiting`, lacking: own };
    await this.abort(tx, barrier, why);
    await this.outbox.add(tx, [
      newEvent(BarrierAbortedV1, {
        barrierId,
        route: barrier.route,
        abortedAt: new Date().toISOString(),
        lacking: why.lacking.map((lack) => ({
          ...lack,
          service: lack.service as ServiceName,
          shards: [...lack.shards],
        })),
        words: why.words,
      }),
    ]);
    this.logger.warn({ barrierId, words: why.words }, 'barrier aborted: its time limit passed');
  }

  private async abortHeard(
    tx: Tx,
    from: string,
    { barrierId, words, lacking }: { barrierId: string; words: string; lacking: readonly BarrierLack[] },
  ): Promise<void> {
    const barrier = await store.lockKnownBarrier(tx, barrierId);
    if (!barrier) return;
    if (from === this.service) return;
    // Only the requester's word ends it for all; any other service says what it lacked itself.
    if (from !== barrier.requestedBy) return store.noteServiceLacks(tx, barrierId, from, lacking);
    if (barrier.status !== 'aborted') await this.abort(tx, barrier, { words, lacking });
  }

  private async abort(tx: Tx, barrier: store.StoredBarrier, why: BarrierFailure): Promise<void> {
    await store.markAborted(tx, barrier.barrierId, why.words, why.lacking);
    for (const listener of this.listeners.forRoute(barrier.route)) await listener.aborted(tx, barrier, why);
  }

  private nodeOf(route: BarrierRouteName): RouteNode | undefined {
    const nodes: BarrierRoute['nodes'] = BARRIER_ROUTES[route].nodes;
    return nodes[this.service as ServiceName];
  }
}

function isOver(expiresAt: string | Date): boolean {
  return new Date(expiresAt).getTime() < Date.now();
}
