import { BusinessClock } from '@attest/calendar';
import { failpoint, RelayPace } from '@attest/messaging';
import { Database, isPassingFailure, type Tx } from '@attest/persistence';
import { Logger, OncePerMinute } from '@attest/telemetry';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BULK_LANES, type AnyAnswer, type BulkChunk, type BulkTypes } from './bulk.js';
import { BulkLanes, type ChunkFound } from './bulk-lanes.js';
import { BulkQueue } from './bulk-queue.js';
import { BulkTables } from './bulk-tables.js';
import { BulkWork } from './bulk-work.js';

/**
 * Works on bulks, a chunk per transaction: the items' states move with what the service does, so that a crash leaves
 * neither without the other. Each lane has every second item, so two chunks never hold the same one.
 */
@Injectable()
export class WorkOnBulks<T extends BulkTypes> implements OnModuleDestroy {
  private readonly lanes: BulkLanes;
  private readonly name: string;
  /** Of its log codes: `BULK_APPROVAL`. */
  private readonly code: string;

  constructor(
    private readonly database: Database,
    tables: BulkTables<T>,
    private readonly queue: BulkQueue<T>,
    private readonly work: BulkWork<T>,
    pace: RelayPace,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
  ) {
    this.name = tables.name;
    this.code = tables.name.toUpperCase().replaceAll('-', '_');
    const failures = new OncePerMinute();
    this.lanes = new BulkLanes({
      pace,
      lanes: BULK_LANES,
      chunkSize: work.chunkSize,
      chunk: (personId, lane, size) => this.turn(personId, lane, size),
      chunkFailed: (error, items) => this.logger.error(`${this.code}_CHUNK_FAILED`, { items }, error),
      failed: (error) => {
        // Each lane is woken again every two seconds.
        const untold = failures.tell('');
        if (untold !== undefined) this.logger.error(`${this.code}_FAILED`, { failures: untold + 1 }, error);
      },
    });
  }

  wake(personId: string): void {
    this.lanes.wake(personId);
  }

  /** What a process that died, or a database that was away, has left. */
  async resume(): Promise<void> {
    for (const personId of await this.queue.peopleWaiting()) this.wake(personId);
  }

  onModuleDestroy(): Promise<void> {
    return this.lanes.stop();
  }

  private async turn(personId: string, lane: number, size: number): Promise<ChunkFound> {
    const found = await this.database.transaction((tx) => this.chunk(tx, personId, lane, size));
    failpoint(`${this.name}-chunk-committed`);
    return found;
  }

  private async chunk(tx: Tx, personId: string, lane: number, size: number): Promise<ChunkFound> {
    // Another replica is at it.
    if (!(await this.queue.tryTurn(tx, personId, lane))) return 'nothing left';
    const chunk = await this.queue.nextChunk(tx, personId, lane, size);
    if (!chunk) return 'nothing left';
    if (chunk.items.length === 0) {
      // What is still queued is the other lane's: whoever does the last of it ends the bulk.
      if (await this.queue.anyQueued(tx, chunk.bulkId)) return 'nothing left';
      await this.queue.end(tx, chunk.bulkId, this.clock.now());
      return 'job ended';
    }
    await this.queue.answer(
      tx,
      chunk,
      size === 1 ? await this.doOne(tx, chunk) : await this.work.do(tx, chunk),
    );
    failpoint(`${this.name}-chunk-done`);
    return 'more';
  }

  /** Nothing smaller can be tried, so a failure is this item's answer. */
  private async doOne(tx: Tx, chunk: BulkChunk<T>): Promise<readonly AnyAnswer<T>[]> {
    try {
      return await tx.savepoint(() => this.work.do(tx, chunk));
    } catch (error) {
      if (isPassingFailure(error)) throw error;
      this.logger.error(`${this.code}_ITEM_FAILED`, { bulkId: chunk.bulkId }, error);
      return [{ state: 'refused', code: 'ITEM_FAILED' }];
    }
  }
}
