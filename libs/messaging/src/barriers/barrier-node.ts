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
import { asWork, isPassingFailure, type Database, type Tx } from '@attest/persistence';
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
const TELL_EVERY_MS = 60_000;

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
  private seeing: Promise<void> | undefined;
  /** When the log was last told of a barrier that fails. */
  private readonly told = new Map<string, number>();

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
    if (barrier.status === 'waiting' && node.after.length === 0) await this.passOrLater(tx, barrier, node);
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
    if (await this.hasAll(tx, barrier.barrierId, node)) await this.passOrLater(tx, barrier, node);
  }

  private async hasAll(tx: Tx, barrierId: string, node: RouteNode): Promise<boolean> {
    return (await store.seenRecords(tx, barrierId)).size === node.after.length * OUTBOX_SHARDS;
  }

  /** In a chunk's transaction: what its listener cannot take must not keep the chunk. */
  private async passOrLater(tx: Tx, barrier: store.StoredBarrier, node: RouteNode): Promise<void> {
    try {
      await tx.savepoint(() => this.pass(tx, barrier, node));
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      await store.tryAgainLater(tx, barrier.barrierId);
      this.tell(barrier.barrierId, error);
    }
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

  /** Some are due: sees to them. Nothing waits for it. */
  wake(): void {
    this.seeing ??= this.seeToDue()
      .catch((error: unknown) => this.logger.debug({ error }, 'barriers could not be seen to; trying again'))
      .finally(() => void (this.seeing = undefined));
  }

  async stop(): Promise<void> {
    await this.seeing;
  }

  /**
   * Gives up what is over and passes what could not pass before, each in its own transaction: a listener that throws
   * harms its barrier alone. Every replica does it; the row's lock lets one be first.
   */
  private async seeToDue(): Promise<void> {
    for (const { barrierId, isOver } of await store.dueBarriers(
      this.database,
      this.service,
      REPORT_GRACE_MS,
    )) {
      try {
        await asWork('chunk', () =>
          this.database.transaction((tx) =>
            isOver ? this.giveUp(tx, barrierId) : this.passAgain(tx, barrierId),
          ),
        );
        this.told.delete(barrierId);
      } catch (error) {
        await store.tryAgainLater(this.database, barrierId);
        this.tell(barrierId, error);
      }
    }
  }

  private async passAgain(tx: Tx, barrierId: string): Promise<void> {
    const barrier = await store.lockKnownBarrier(tx, barrierId);
    const node = barrier && this.nodeOf(barrier.route);
    if (barrier?.status !== 'waiting' || !node) return;
    if (!isOver(barrier.expiresAt) && (await this.hasAll(tx, barrierId, node)))
      await this.pass(tx, barrier, node);
    else await store.waitForItsTime(tx, barrierId);
  }

  /** Once a minute for each barrier. */
  private tell(barrierId: string, error: unknown): void {
    const now = Date.now();
    if (now - (this.told.get(barrierId) ?? -Infinity) < TELL_EVERY_MS) return;
    this.told.set(barrierId, now);
    this.logger.error(
      { error, barrierId },
      'a barrier could not be ended: its listener failed; it is tried again, later each time',
    );
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
