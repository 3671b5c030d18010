import { BusinessClock } from '@attest/calendar';
import { BulkLanes, Scheduled, type ChunkFound } from '@attest/hosting';
import { failpoint, RelayPace } from '@attest/messaging';
import { Database, isPassingFailure, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BULK_LANES } from '../domain/bulk.js';
import { BulkDeclarationStore, type BulkChunk, type ItemAnswer } from './bulk.ports.js';
import { DeclareAchievements, type DeclareResult } from './declare-achievements.js';
import { BulkLimits } from './ports.js';

/**
 * Works on bulks, a chunk per transaction: the items' states move with the declarations' steps, so that a crash leaves
 * neither without the other.
 */
@Injectable()
export class WorkOnBulks implements OnModuleDestroy {
  private readonly lanes: BulkLanes;

  constructor(
    private readonly database: Database,
    private readonly bulks: BulkDeclarationStore,
    private readonly declareAchievements: DeclareAchievements,
    limits: BulkLimits,
    pace: RelayPace,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
  ) {
    this.lanes = new BulkLanes({
      pace,
      lanes: BULK_LANES,
      chunkSize: limits.chunkSize,
      chunk: (personId, lane, size) => this.turn(personId, lane, size),
      chunkFailed: (error, items) => this.logger.error('BULK_DECLARATION_CHUNK_FAILED', { items }, error),
      failed: (error) => this.logger.error('BULK_DECLARATION_FAILED', {}, error),
    });
  }

  wake(personId: string): void {
    this.lanes.wake(personId);
  }

  /** What a process that died, or a database that was away, has left. */
  @Scheduled({ name: 'resume-bulk-declarations', everyMs: 2_000 })
  async resume(): Promise<void> {
    for (const personId of await this.bulks.peopleWaiting()) this.wake(personId);
  }

  onModuleDestroy(): Promise<void> {
    return this.lanes.stop();
  }

  private async turn(personId: string, lane: number, size: number): Promise<ChunkFound> {
    const found = await this.database.transaction((tx) => this.chunk(tx, personId, lane, size));
    failpoint('bulk-declaration-chunk-committed');
    return found;
  }

  private async chunk(tx: Tx, personId: string, lane: number, size: number): Promise<ChunkFound> {
    // Another replica is at it.
    if (!(await this.bulks.tryTurn(tx, personId, lane))) return 'nothing left';
    const chunk = await this.bulks.nextChunk(tx, personId, lane, size);
    if (!chunk) return 'nothing left';
    if (chunk.items.length === 0) {
      // What is still queued is the other lane's: whoever does the last of it ends the job.
      if (await this.bulks.anyQueued(tx, chunk.bulkId)) return 'nothing left';
      await this.bulks.end(tx, chunk.bulkId, this.clock.now());
      return 'job ended';
    }
    await this.bulks.answer(
      tx,
      chunk.bulkId,
      size === 1 ? await this.declareOne(tx, chunk) : await this.declare(tx, chunk),
    );
    failpoint('bulk-declaration-chunk-done');
    return 'more';
  }

  private async declare(tx: Tx, { request, items }: BulkChunk): Promise<ItemAnswer[]> {
    const results = await this.declareAchievements.within(tx, request, items);
    return items.map(({ ordinal }, at) => answerOf(ordinal, results[at]!));
  }

  private async declareOne(tx: Tx, chunk: BulkChunk): Promise<ItemAnswer[]> {
    try {
      return await tx.savepoint(() => this.declare(tx, chunk));
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      this.logger.error('BULK_DECLARATION_ITEM_FAILED', { bulkId: chunk.bulkId }, error);
      const { ordinal } = chunk.items[0]!;
      return [{ ordinal, state: 'refused', code: 'ITEM_FAILED', revision: null, declarationVersion: null }];
    }
  }
}

const answerOf = (ordinal: number, result: DeclareResult): ItemAnswer => ({
  ordinal,
  state: result.code === 'DECLARED' ? 'declared' : 'refused',
  code: result.late ? 'DECLARED_LATE' : result.code,
  revision: result.revision,
  declarationVersion: result.declarationVersion,
});
