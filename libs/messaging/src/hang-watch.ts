import { MessagingHangsError } from './messaging.errors.js';

const MOST_BETWEEN_LOOKS_MS = 5_000;

/**
 * Sees a part that waits for one and the same thing for too long: a batch whose chunk does not end, a relay that does
 * not turn. Nothing of this kind should be: every call has a limit of its own. When one is missing, the process ends
 * and is started again, which frees its locks and partitions.
 */
export class HangWatch {
  private readonly parts = new Map<string, () => number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly limitMs: number,
    private readonly onHang: (error: MessagingHangsError) => void,
  ) {}

  /** @param silentForMs for how long it has made no progress; 0 while it has nothing to do */
  watch(what: string, silentForMs: () => number): void {
    this.parts.set(what, silentForMs);
  }

  start(): void {
    this.timer ??= setInterval(() => this.look(), Math.min(MOST_BETWEEN_LOOKS_MS, this.limitMs / 4));
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    for (const [what, silentForMs] of this.parts)
      if (silentForMs() > this.limitMs) {
        this.stop();
        this.onHang(new MessagingHangsError(what, this.limitMs));
        return;
      }
  }
}
