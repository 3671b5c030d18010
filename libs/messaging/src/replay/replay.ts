import { setTimeout as pause } from 'node:timers/promises';
import { uuidV7 } from '@attest/contracts';
import { asWork, isPassingFailure, type Database } from '@attest/persistence';
import { wordsOf } from '../dead-letters/burial.js';
import * as letters from '../dead-letters/dead-letter-store.js';
import { failpoint } from '../failpoint.js';
import type { MessagingLogger } from '../ports.js';
import type { KeySettler } from './key-settler.js';
import { ReplayLock } from './replay-lock.js';
import { resultOf, type ReplayRequest, type ReplayResult } from './replay-request.js';
import * as replays from './replay-store.js';

/** How often somebody looks whether a replay that is under way has lost its process. */
const LOOK_FOR_ORPHANS_MS = 2_000;

/** Replays that nobody has finished: some not begun, or all of them under way. */
export type UnfinishedReplays = 'requested' | 'running';

/** What could not be applied here, and its way back. */
export class DeadLetters {
  private taking: Promise<void> | undefined;
  private lookedAt = 0;
  private stopping = false;

  constructor(
    private readonly consumer: string,
    private readonly database: Database,
    private readonly settler: KeySettler,
    private readonly logger: MessagingLogger,
  ) {}

  list(page: letters.DeadLetterPage): Promise<letters.DeadLetter[]> {
    return letters.listDeadLetters(this.database, page);
  }

  /**
   * Applies dead letters and what is parked behind them, or gives them up, key by key, each key's in order and in one
   * transaction. What succeeded before a failure stays applied. Who and why are recorded. Should this process end before
   * the answer, another takes it up.
   */
  async replay(request: ReplayRequest): Promise<ReplayResult> {
    const replayId = uuidV7();
    // First, or another replica would take it for one whose process is gone.
    const lock = await ReplayLock.take(this.database, replayId);
    try {
      await replays.recordReplay(this.database, this.consumer, replayId, request, 'running');
      return await this.run(replayId, request, () => true);
    } finally {
      await lock?.release();
    }
  }

  /** Something is unfinished: takes up what nobody holds. Nothing waits for it, and it works at one thing at a time. */
  wake(unfinished: UnfinishedReplays): void {
    if (this.taking || this.stopping) return;
    const now = Date.now();
    if (unfinished === 'running' && now - this.lookedAt < LOOK_FOR_ORPHANS_MS) return;
    this.lookedAt = now;
    this.taking = asWork('job', () => this.takeAll())
      .catch((error: unknown) => this.logger.warn({ error }, 'replays could not be taken up; trying again'))
      .finally(() => void (this.taking = undefined));
  }

  /** Ends behind the key at which it is; another replica, or the next start, goes on there. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.taking;
  }

  private async takeAll(): Promise<void> {
    const seen: string[] = [];
    while (!this.stopping) {
      const id = await replays.unfinishedReplay(this.database, this.consumer, seen);
      if (id === undefined) return;
      seen.push(id);
      const lock = await ReplayLock.take(this.database, id);
      if (!lock) continue;
      try {
        await this.takeUp(id, lock);
      } catch (error) {
        this.logger.error({ error, replayId: id }, 'a requested replay failed');
      } finally {
        await lock.release();
      }
    }
  }

  private async takeUp(id: string, lock: ReplayLock): Promise<void> {
    const claimed = await replays.claimReplay(this.database, id);
    if (!claimed) return;
    if (claimed.begun) this.logger.warn({ replayId: id }, 'a replay whose process is gone is taken up again');
    await this.run(id, claimed.request, () => !this.stopping && lock.isHeld);
  }

  private async run(replayId: string, request: ReplayRequest, goesOn: () => boolean): Promise<ReplayResult> {
    try {
      await this.perform(replayId, request, goesOn);
      const result = resultOf(
        replayId,
        request.dryRun ?? false,
        await replays.outcomesOf(this.database, replayId),
      );
      if (!goesOn()) return result;
      await replays.finishReplay(this.database, replayId, 'done', result);
      const { keys, applied, discarded, failed, dryRun } = result;
      this.logger.info(
        { replayId, keys, applied, discarded, failed: failed.length, dryRun },
        'replay finished',
      );
      return result;
    } catch (error) {
      // With the database away it stays under way, and whoever sees it next takes it up.
      if (!isPassingFailure(error))
        await replays.finishReplay(this.database, replayId, 'failed', wordsOf(error));
      throw error;
    }
  }

  private async perform(replayId: string, request: ReplayRequest, goesOn: () => boolean): Promise<void> {
    for (const named of await letters.keysNamedBy(this.database, replayId)) {
      if (!goesOn()) return;
      const { applied, replayed, discarded } = await this.settler.settle(replayId, named, request);
      failpoint('replay-after-key');
      const done = applied.length + replayed.length + discarded.length;
      if (request.ratePerSecond) await pause((1_000 * done) / request.ratePerSecond);
    }
  }
}
