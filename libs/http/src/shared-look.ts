import { setTimeout as pause } from 'node:timers/promises';

export interface Seen<T> {
  /** The number of the look. */
  readonly look: number;
  readonly state: T;
}

/** One thing that several follow: whoever looks, looks for all, and nobody looks before `everyMs` have passed. */
export class SharedLook<T> {
  followers = 0;
  #looks = 0;
  #lookedAt = -Infinity;
  #state: T | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly everyMs: number,
  ) {}

  /** What was seen by a look after that one; after 0 whatever was seen last. */
  async after(seen: number, signal: AbortSignal): Promise<Seen<T>> {
    if (this.#looks <= seen) {
      const dueInMs = this.#lookedAt + this.everyMs - performance.now();
      if (dueInMs > 0) await pause(dueInMs, undefined, { signal });
    }
    // Another one may have looked meanwhile, or may be about to.
    if (this.#looks <= seen) await (this.#looking ??= this.#look());
    return { look: this.#looks, state: this.#state as T };
  }

  async #look(): Promise<void> {
    try {
      this.#state = await this.read();
      this.#looks++;
    } finally {
      // Also when it failed: a database that is away is not asked by everybody who comes.
      this.#lookedAt = performance.now();
      this.#looking = undefined;
    }
  }
}
