import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { BulkLanes, Scheduled, type ChunkFound } from '@attest/hosting';
import { failpoint, RelayPace } from '@attest/messaging';
import { Database, isPassingFailure, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { BULK_LANES, ITEM_FAILED } from '../domain/bulk.js';
import { wordsFor } from '../domain/task.js';
import { BulkStore, type BulkChunk, type ItemAnswer, type QueuedItem } from './bulk.ports.js';
import { SignTasks, type SigningOutcome } from './sign-tasks.js';

/** A hold must never wait behind 10,000 locked declarations (measured: 500 cost under 100 ms). */
const CHUNK = 500;

/**
 * Works on bulks, a chunk per transaction: the items' states move with the signatures, so that a crash leaves neither
 * without the other. Each lane has every second item, so two chunks never hold the same one.
 */
@Injectable()
export class WorkOnBulks implements OnModuleDestroy {
  private readonly lanes: BulkLanes;

  constructor(
    private readonly database: Database,
    private readonly bulks: BulkStore,
    private readonly signTasks: SignTasks,
    pace: RelayPace,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
  ) {
    this.lanes = new BulkLanes({
      pace,
      lanes: BULK_LANES,
      chunkSize: CHUNK,
      chunk: (personId, lane, size) => this.turn(personId, lane, size),
      chunkFailed: (error, items) => this.logger.error('BULK_APPROVAL_CHUNK_FAILED', { items }, error),
      failed: (error) => this.logger.error('BULK_APPROVAL_FAILED', {}, error),
    });
  }

  wake(personId: string): void {
    this.lanes.wake(personId);
  }

  /** What a process that died, or a database that was away, has left. */
  @Scheduled({ name: 'resume-bulk-approvals', everyMs: 2_000 })
  async resume(): Promise<void> {
    for (const personId of await this.bulks.peopleWaiting()) this.wake(personId);
  }

  onModuleDestroy(): Promise<void> {
    return this.lanes.stop();
  }

  private async turn(personId: string, lane: number, size: number): Promise<ChunkFound> {
    const found = await this.database.transaction((tx) => this.chunk(tx, personId, lane, size));
    failpoint('bulk-approval-chunk-committed');
    return found;
  }

  private async chunk(tx: Tx, personId: string, lane: number, size: number): Promise<ChunkFound> {
    // Another replica is at it.
    if (!(await this.bulks.tryTurn(tx, personId, lane))) return 'nothing left';
    const chunk = await this.bulks.nextChunk(tx, personId, lane, size);
    if (!chunk) return 'nothing left';
    if (chunk.items.length === 0) {
      // What is still queued is the other lane's: whoever signs the last of it ends the bulk.
      if (await this.bulks.anyQueued(tx, chunk.bulkId)) return 'nothing left';
      await this.bulks.end(tx, chunk.bulkId, this.clock.now());
      return 'job ended';
    }
    await this.bulks.answer(
      tx,
      chunk.bulkId,
      size === 1 ? await this.signOne(tx, chunk) : await this.sign(tx, chunk),
    );
    failpoint('bulk-approval-chunk-done');
    return 'more';
  }

  private async sign(tx: Tx, { bulkId, signing, items }: BulkChunk): Promise<ItemAnswer[]> {
    const outcomes = await this.signTasks.run(tx, { ...signing, bulkId }, items);
    return items.map((item, at) => toAnswer(item, outcomes[at]!));
  }

  private async signOne(tx: Tx, chunk: BulkChunk): Promise<ItemAnswer[]> {
    try {
      return await tx.savepoint(() => this.sign(tx, chunk));
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      this.logger.error('BULK_APPROVAL_ITEM_FAILED', { bulkId: chunk.bulkId }, error);
      const { ordinal } = chunk.items[0]!;
      return [{ ordinal, state: 'refused', approvalId: null, ...ITEM_FAILED }];
    }
  }
}

function toAnswer({ ordinal }: QueuedItem, outcome: SigningOutcome): ItemAnswer {
  return 'refused' in outcome
    ? {
        ordinal,
        state: 'refused',
        approvalId: null,
        code: outcome.refused,
        words: wordsFor(outcome.refused),
      }
    : { ordinal, state: 'pending', approvalId: outcome.approvalId, code: null, words: null };
}
