import { setTimeout as pause } from 'node:timers/promises';
import { TryingAgain } from '@attest/telemetry';
import { isBrokerAway } from './kafka/index.js';
import type { MessagingLogger } from './ports.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Whoever starts waits for the first try, but not longer: requests are served without the broker. */
const FIRST_TRY_MS = 10_000;
/** A try under way when the process stops may take so long, of the 9 s that a stop may take. */
const LAST_TRY_MS = 2_000;

type Join = (goesOn: () => boolean) => Promise<void>;

/**
 * Joins the broker, however long that is away. What only an operator can change (a certificate, a password, a topic)
 * is no reason to wait: it ends the start, or the process when it comes to light later.
 */
export class Joining {
  private readonly again = new TryingAgain(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  private halt = new AbortController();
  private underWay: Promise<unknown> = Promise.resolve();
  private stopped: Promise<void> | undefined;

  constructor(
    private readonly service: string,
    private readonly logger: MessagingLogger,
    private readonly onFatal: (error: Error) => void,
  ) {}

  /**
   * Resolves when it has joined, or when the first try met no broker; then it goes on by itself.
   * @param join called again after it threw; told how to ask whether it shall go on
   * @throws what keeps the first try from joining and does not pass by itself
   */
  async begin(join: Join): Promise<void> {
    this.halt = new AbortController();
    this.stopped = undefined;
    const first = this.try(join);
    this.underWay = first.catch(() => undefined);
    await Promise.race([first, this.rest(FIRST_TRY_MS)]);
    this.underWay = this.goOn(first, join);
  }

  /** Begins no more tries. One that is under way may still end. Whoever asks again waits for the same end, not anew. */
  stop(): Promise<void> {
    this.halt.abort();
    this.stopped ??= Promise.race([this.underWay, pause(LAST_TRY_MS, undefined, { ref: false })]).then(
      () => undefined,
    );
    return this.stopped;
  }

  private async goOn(first: Promise<number | undefined>, join: Join): Promise<void> {
    const { logger, service } = this;
    try {
      let restMs = await first;
      if (restMs === undefined) return;
      for (; restMs !== undefined; restMs = await this.try(join)) await this.rest(restMs);
      if (!this.stopping) logger.info({ service }, 'the broker is there; events are sent and read');
    } catch (error) {
      if (this.stopping) return;
      logger.error({ error, service }, 'messaging cannot join the broker; the process ends');
      this.onFatal(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** @returns how long to rest before the next try; nothing where none is needed */
  private async try(join: Join): Promise<number | undefined> {
    if (this.stopping) return undefined;
    try {
      await join(() => !this.stopping);
      return undefined;
    } catch (error) {
      if (!isBrokerAway(error)) throw error;
      const { logger, service } = this;
      return this.again.failed(({ failures }) =>
        logger.warn(
          { error, service, failures },
          'the broker does not answer: nothing is sent or read until it does; requests are served, and it is tried again',
        ),
      );
    }
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { ref: false, signal: this.halt.signal }).catch(() => undefined);
  }

  private get stopping(): boolean {
    return this.halt.signal.aborted;
  }
}
