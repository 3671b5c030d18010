import { BusinessClock } from '@attest/calendar';
import { ChunkedWork, Scheduled, type Turn } from '@attest/hosting';
import { failpoint } from '@attest/messaging';
import { Database, isPassingFailure, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BulkDeclarationStore, type ItemAnswer } from './bulk.ports.js';
import { DeclareAchievements, type DeclareResult } from './declare-achievements.js';
import { BulkLimits } from './ports.js';

/**
 * Works on bulks, a chunk per transaction: the items' states move with the declarations' steps, so that a crash leaves
 * neither without the other. A person's jobs go in order; different persons' go side by side.
 */
@Injectable()
export class WorkOnBulks implements OnModuleDestroy {
  private readonly work = new ChunkedWork(
    (personId) => this.turn(personId),
    (error) => this.logger.error('BULK_DECLARATION_FAILED', {}, error),
  );
  /** Smaller than a chunk while something in a person's next chunk fails, until it is found. */
  private readonly sizes = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly bulks: BulkDeclarationStore,
    private readonly declareAchievements: DeclareAchievements,
    private readonly limits: BulkLimits,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
  ) {}

  wake(personId: string): void {
    this.work.wake(personId);
  }

  /** What a process that died, or a database that was away, has left. */
  @Scheduled({ name: 'resume-bulk-declarations', everyMs: 2_000 })
  async resume(): Promise<void> {
    for (const personId of await this.bulks.peopleWaiting()) this.wake(personId);
  }

  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  private async turn(personId: string): Promise<Turn> {
    const size = this.sizes.get(personId) ?? this.limits.chunkSize;
    try {
      const turn = await this.database.transaction((tx) => this.chunk(tx, personId, size));
      failpoint('bulk-declaration-chunk-committed');
      this.sizes.delete(personId);
      return turn;
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      // One item that cannot be done must not keep 9,999 from being done: it is searched for by halves.
      this.logger.error('BULK_DECLARATION_CHUNK_FAILED', { items: size }, error);
      if (size > 1) this.sizes.set(personId, Math.ceil(size / 2));
      else await this.database.transaction((tx) => this.giveUpNext(tx, personId));
      return 'more';
    }
  }

  private async chunk(tx: Tx, personId: string, size: number): Promise<Turn> {
    if (!(await this.bulks.tryTurn(tx, personId))) return 'elsewhere';
    // One more than is done tells whether these are the last: a job ends with its last item, not after it.
    const chunk = await this.bulks.nextChunk(tx, personId, size + 1);
    if (!chunk) return 'nothing left';
    const { bulkId, request } = chunk;
    const items = chunk.items.slice(0, size);
    if (items.length > 0) {
      const results = await this.declareAchievements.within(tx, request, items);
      await this.bulks.answer(
        tx,
        bulkId,
        items.map(({ ordinal }, at) => answerOf(ordinal, results[at]!)),
      );
    }
    failpoint('bulk-declaration-chunk-done');
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
      { ordinal, state: 'refused', code: 'ITEM_FAILED', revision: null, declarationVersion: null },
    ]);
  }
}

const answerOf = (ordinal: number, result: DeclareResult): ItemAnswer => ({
  ordinal,
  state: result.code === 'DECLARED' ? 'declared' : 'refused',
  code: result.late ? 'DECLARED_LATE' : result.code,
  revision: result.revision,
  declarationVersion: result.declarationVersion,
});
