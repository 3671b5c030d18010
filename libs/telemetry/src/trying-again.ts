import { OncePerMinute } from './once-per-minute.js';

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
  readonly #lines: OncePerMinute;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
    nowMs?: () => number,
  ) {
    this.#lines = new OncePerMinute(nowMs);
  }

  /**
   * @param tell called when a line is due
   * @returns how long to wait before the next try
   */
  failed(tell: (repeated: Repeated) => void): number {
    const untold = this.#lines.tell('');
    if (untold !== undefined) tell({ failures: untold + 1 });
    return Math.min(this.longestMs, this.firstMs * 2 ** Math.min(this.#inARow++, 30));
  }

  /** The next pause is a short one again. The minute of the log goes on: what fails every second time is not told each time. */
  succeeded(): void {
    this.#inARow = 0;
  }
}
