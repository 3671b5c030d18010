import type { RelayPace } from '@attest/messaging';
import { isPassingFailure } from '@attest/persistence';
import { ChunkedWork } from '@attest/hosting';

/** What a chunk found: go on; the job has ended, so the person's next one begins; nothing that is this lane's. */
export type ChunkFound = 'more' | 'job ended' | 'nothing left';

export interface BulkLanesOptions {
  /** Chunks of one job at once: while the database works on one, the rules of the next are looked at. */
  readonly lanes: number;
  readonly chunkSize: number;
  /** Told which lanes are at work. */
  readonly pace: Pick<RelayPace, 'begin' | 'end'>;
  /**
   * In one transaction: does up to `size` items of this lane of the person's oldest job, and answers each. Of a single
   * item it has to answer any failure that does not pass by itself, because then nothing smaller can be tried.
   */
  readonly chunk: (personId: string, lane: number, size: number) => Promise<ChunkFound>;
  /** A chunk of this size cannot be done as it is; smaller ones are tried. */
  readonly chunkFailed: (error: unknown, size: number) => void;
  /** Something that may pass; the job goes on when it is woken again. */
  readonly failed: (error: unknown) => void;
}

/**
 * Works on people's bulks, a person's jobs in order, different persons' side by side. What is left to do stands in the
 * database. One item that cannot be done does not keep 9,999 from being done: it is searched for by halves.
 */
export class BulkLanes {
  readonly #work: ChunkedWork;
  /** By lane, smaller than a chunk since something in one has failed. */
  readonly #sizes = new Map<string, number>();

  constructor(private readonly options: BulkLanesOptions) {
    // One more than a person has: where all of them wait for rows that somebody has locked, other persons' go on.
    this.#work = new ChunkedWork((lane) => this.#turn(lane), options.failed, options.lanes + 1);
  }

  /** There may be something to do for this person. */
  wake(personId: string): void {
    for (let lane = 0; lane < this.options.lanes; lane++) this.#work.wake(`${lane} ${personId}`);
  }

  /** Waits for chunks under way and begins no more. */
  stop(): Promise<void> {
    return this.#work.stop();
  }

  async #turn(lane: string): Promise<'more' | 'nothing left'> {
    const personId = lane.slice(2);
    const size = this.#sizes.get(lane) ?? this.options.chunkSize;
    try {
      this.options.pace.begin(lane);
      const found = await this.options.chunk(personId, Number(lane[0]), size);
      this.#grow(lane, found === 'more' ? size * 2 : this.options.chunkSize);
      if (found !== 'more') this.options.pace.end(lane);
      // The other lane went to rest when it found nothing more of the job that has ended.
      if (found === 'job ended') this.wake(personId);
      return found === 'nothing left' ? found : 'more';
    } catch (error) {
      if (size === 1 || isPassingFailure(error)) {
        this.options.pace.end(lane);
        throw error;
      }
      this.options.chunkFailed(error, size);
      this.#sizes.set(lane, Math.ceil(size / 2));
      return 'more';
    }
  }

  /** Step by step: where many items cannot be done, a whole chunk would be halved anew for each of them. */
  #grow(lane: string, size: number): void {
    if (size < this.options.chunkSize) this.#sizes.set(lane, size);
    else this.#sizes.delete(lane);
  }
}
