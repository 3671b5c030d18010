import type { Messaging } from '@attest/messaging';
import type { ConsumerWatch } from './consumer-watch.js';
import type { Database } from '@attest/persistence';

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  /** Requests are served without it; it is shown as a warning. */
  readonly warning?: true;
  /** What is lacking, for an operator. */
  readonly detail?: string;
}

const CHECK_LIMIT_MS = 2_000;

/**
 * Whether this replica can serve requests now. Without the broker it can: what requests write waits in the outbox. So
 * the consumer and the relay never take it out of service; they are shown as warnings.
 */
export class Readiness {
  #accepting = false;

  constructor(
    private readonly database: Database,
    /** Null where another process relays. */
    private readonly relay: Messaging['relay'] | null,
    private readonly consumer: ConsumerWatch,
    private readonly cannotGoOn: Messaging['fatal'],
  ) {}

  /** Why this process has to end; undefined while it can go on. */
  get fatal(): Error | undefined {
    return this.cannotGoOn();
  }

  /** Set when everything has started, cleared when the stop begins, so that no new work is sent here. */
  accept(accepting: boolean): void {
    this.#accepting = accepting;
  }

  async check(): Promise<readonly ReadinessCheck[]> {
    return [
      saying('started', this.#accepting, 'starting or stopping'),
      saying('database', await this.#databaseAnswers(), 'does not answer'),
      warning('consumer', this.consumer.assigned, 'has no partitions of the broker'),
      ...(this.relay
        ? [warning('relay', this.relay.alive, 'does not reach the database or the broker')]
        : []),
    ];
  }

  async #databaseAnswers(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, CHECK_LIMIT_MS, false);
    });
    const answers = this.database.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answers, tooLong]).finally(() => clearTimeout(timer));
  }
}

const saying = (name: string, ok: boolean, lacking: string): ReadinessCheck => ({
  name,
  ok,
  ...(ok ? {} : { detail: lacking }),
});

const warning = (name: string, ok: boolean, lacking: string): ReadinessCheck => ({
  ...saying(name, ok, lacking),
  ...(ok ? {} : { warning: true }),
});
