import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { ChunkedWork, Scheduled, type Turn } from '@attest/hosting';
import { failpoint } from '@attest/messaging';
import { Database, isPassingFailure, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { ITEM_FAILED } from '../domain/bulk.js';
import { wordsFor } from '../domain/task.js';
import { BulkStore, type ItemAnswer, type QueuedItem } from './bulk.ports.js';
import { SignTasks, type SigningOutcome } from './sign-tasks.js';

/** A hold must never wait behind 10,000 locked declarations (measured: 500 cost under 100 ms). */
const CHUNK = 500;

/**
 * Works on bulks, a chunk per transaction: the items' states move with the signatures, so that a crash leaves neither
 * without the other. A person's bulks go in order; different persons' go side by side.
 */
@Injectable()
export class WorkOnBulks implements OnModuleDestroy {
  private readonly work = new ChunkedWork(
    (personId) => this.turn(personId),
    (error) => this.logger.error('BULK_APPROVAL_FAILED', {}, error),
  );
  /** Smaller than a chunk while something in a person's next chunk fails, until it is found. */
  private readonly sizes = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly bulks: BulkStore,
    private readonly signTasks: SignTasks,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
  ) {}

  wake(personId: string): void {
    this.work.wake(personId);
  }

  /** What a process that died, or a database that was away, has left. */
  @Scheduled({ name: 'resume-bulk-approvals', everyMs: 2_000 })
  async resume(): Promise<void> {
    for (const personId of await this.bulks.peopleWaiting()) this.wake(personId);
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  private async turn(personId: string): Promise<Turn> {
    const size = this.sizes.get(personId) ?? CHUNK;
    try {
      const turn = await this.database.transaction((tx) => this.chunk(tx, personId, size));
      failpoint('bulk-approval-chunk-committed');
      this.sizes.delete(personId);
      return turn;
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      // One item that cannot be done must not keep 9,999 from being done: it is searched for by halves.
      this.logger.error('BULK_APPROVAL_CHUNK_FAILED', { items: size }, error);
      if (size > 1) this.sizes.set(personId, Math.ceil(size / 2));
      else await this.database.transaction((tx) => this.giveUpNext(tx, personId));
      return 'more';
    }
  }

  private async chunk(tx: Tx, personId: string, size: number): Promise<Turn> {
    if (!(await this.bulks.tryTurn(tx, personId))) return 'elsewhere';
    // One more than is signed tells whether these are the last.
    const chunk = await this.bulks.nextChunk(tx, personId, size + 1);
    if (!chunk) return 'nothing left';
    const { bulkId, signing } = chunk;
    const items = chunk.items.slice(0, size);
    if (items.length > 0) {
      const outcomes = await this.signTasks.run(tx, { ...signing, bulkId }, items);
      await this.bulks.answer(
        tx,
        bulkId,
        items.map((item, at) => toAnswer(item, outcomes[at]!)),
      );
    }
    failpoint('bulk-approval-chunk-done');
    if (chunk.items.length <= size) await this.bulks.end(tx, bulkId, this.clock.now());
    return 'more';
  }

  private async giveUpNext(tx: Tx, personId: string): Promise<void> {
    if (!(await this.bulks.tryTurn(tx, personId))) return;
    const chunk = await this.bulks.nextChunk(tx, personId, 1);
    const item = chunk?.items[0];
    if (!chunk || !item) return;
    const { ordinal } = item;
    await this.bulks.answer(tx, chunk.bulkId, [
      { ordinal, state: 'refused', approvalId: null, ...ITEM_FAILED },
    ]);
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
