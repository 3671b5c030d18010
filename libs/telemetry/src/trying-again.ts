const TOLD_EVERY_MS = 60_000;

/** How often it failed since the last line about it, this time included. */
export interface Repeated {
  readonly failures: number;
}

/**
 * Something that is tried until it works. The pause before the next try grows; the log has the first failure at once,
 * then one line a minute with the number of failures since. A database that is away fails thousands of times, and says
 * the same each time.
 */
export class TryingAgain {
  #inARow = 0;
  #untold = 0;
  #nextLineAt = -Infinity;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * @param tell called when a line is due
   * @returns how long to wait before the next try
   */
  failed(tell: (repeated: Repeated) => void): number {
    this.#untold++;
    const now = this.now();
    if (now >= this.#nextLineAt) {
      tell({ failures: this.#untold });
      this.#untold = 0;
      this.#nextLineAt = now + TOLD_EVERY_MS;
    }
    return Math.min(this.longestMs, this.firstMs * 2 ** Math.min(this.#inARow++, 30));
  }

  /** The next pause is a short one again. The minute of the log goes on: what fails every second time is not told each time. */
  succeeded(): void {
    this.#inARow = 0;
  }
}
