import { BusinessClock } from '@attest/calendar';
import { BulkLanes, Scheduled, type ChunkFound } from '@attest/hosting';
import { failpoint, RelayPace } from '@attest/messaging';
import { Database, isPassingFailure, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BULK_LANES, DONE_BY } from '../domain/bulk.js';
import type { RefusalCode } from '../domain/core/refusals.js';
import { AdmitLate } from './periods/admit-late.js';
import { BulkDeclarationStore, type BulkChunk, type ItemAnswer } from './bulk.ports.js';
import { DeclareAchievements } from './signing/declare-achievements.js';
import { BulkLimits } from './core/declaration.ports.js';
import { ReleaseHolds, type ReleaseItem } from './holds/release-holds.js';

interface DoneItem {
  readonly code: 'DECLARED' | 'RELEASED' | 'ADMITTED' | RefusalCode;
  readonly revision: number | null;
  readonly declarationVersion?: number | null;
  readonly late?: boolean;
}

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
    private readonly releases: ReleaseHolds,
    private readonly late: AdmitLate,
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
      size === 1 ? await this.doOne(tx, chunk) : await this.do(tx, chunk),
    );
    failpoint('bulk-declaration-chunk-done');
    return 'more';
  }

  private async do(tx: Tx, chunk: BulkChunk): Promise<ItemAnswer[]> {
    const { request, items } = chunk;
    const results = await this.results(tx, chunk);
    return items.map(({ ordinal }, at): ItemAnswer => {
      const { code, revision, declarationVersion = null, late } = results[at]!;
      return {
        ordinal,
        state: DONE.has(code) ? DONE_BY[request.action] : 'refused',
        code: late ? 'DECLARED_LATE' : code,
        revision,
        declarationVersion,
      };
    });
  }

  private results(tx: Tx, { bulkId, request, items }: BulkChunk): Promise<readonly DoneItem[]> {
    switch (request.action) {
      case 'declare':
        return this.declareAchievements.within(tx, request, items);
      case 'release-holds':
        // Nothing is recorded that was not confirmed.
        return this.releases.within(
          tx,
          { ...request, confirmed: true },
          items as readonly ReleaseItem[],
          (within, declarationIds) => this.bulks.seenBefore(within, bulkId, declarationIds),
        );
      case 'admit-late':
        return this.late.within(tx, request.personId, request.reason!, items);
    }
  }

  private async doOne(tx: Tx, chunk: BulkChunk): Promise<ItemAnswer[]> {
    try {
      return await tx.savepoint(() => this.do(tx, chunk));
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      this.logger.error('BULK_DECLARATION_ITEM_FAILED', { bulkId: chunk.bulkId }, error);
      const { ordinal } = chunk.items[0]!;
      return [{ ordinal, state: 'refused', code: 'ITEM_FAILED', revision: null, declarationVersion: null }];
    }
  }
}

const DONE: ReadonlySet<string> = new Set(['DECLARED', 'RELEASED', 'ADMITTED']);
