import { asWork } from '@attest/persistence';

/** What a turn found: go on, or nothing to do now. */
export type Turn = 'more' | 'nothing left';

/**
 * Work that is done in short turns in the background: one turn after the other for each key (a person, a file), keys
 * side by side, and round by round, so that somebody with 10,000 items does not make the others wait. What is left to
 * do stands in the database; a turn that fails is reported, and its key rests until it is woken again.
 */
export class ChunkedWork {
  readonly #working = new Map<string, Promise<void>>();
  readonly #again = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #stopped = false;

  constructor(
    private readonly turn: (key: string) => Promise<Turn>,
    private readonly failed: (error: unknown) => void,
    /** Turns at once, of different keys: each takes a connection. */
    atOnce = 2,
  ) {
    this.#free = atOnce;
  }

  /** There may be something to do for this key. */
  wake(key: string): void {
    if (this.#stopped) return;
    if (this.#working.has(key)) this.#again.add(key);
    else this.#working.set(key, this.#work(key));
  }

  /** Waits for turns under way and begins no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#working.values());
  }

  async #work(key: string): Promise<void> {
    try {
      do {
        this.#again.delete(key);
        while ((await this.#inTurn(key)) === 'more');
      } while (this.#again.has(key));
    } catch (error) {
      this.failed(error);
    } finally {
      // In the same tick as the last look at `again`: a wake in between would be lost.
      this.#working.delete(key);
    }
  }

  async #inTurn(key: string): Promise<Turn> {
    // Also makes the caller go on before the first turn begins.
    if (this.#free > 0) await Promise.resolve(this.#free--);
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      // Whoever woke it may have been a request, whose limits are shorter.
      return this.#stopped ? 'nothing left' : await asWork('job', () => this.turn(key));
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
