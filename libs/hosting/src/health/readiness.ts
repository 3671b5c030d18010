import type { Messaging } from '@attest/messaging';
import type { Database } from '@attest/persistence';

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What is lacking, for an operator. */
  readonly detail?: string;
}

const CHECK_LIMIT_MS = 2_000;

/** Whether this replica can do its work now: its own parts alone, never a neighbour. */
export class Readiness {
  #accepting = false;

  constructor(
    private readonly database: Database,
    private readonly messaging: Pick<Messaging, 'server' | 'relay'>,
  ) {}

  /** Set when everything has started, cleared when the stop begins, so that no new work is sent here. */
  accept(accepting: boolean): void {
    this.#accepting = accepting;
  }

  async check(): Promise<readonly ReadinessCheck[]> {
    return [
      { name: 'started', ok: this.#accepting, ...(this.#accepting ? {} : { detail: 'starting or stopping' }) },
      await this.#database(),
    ];
  }

  async #database(): Promise<ReadinessCheck> {
    const answered = await Promise.race([
      this.database.query('SELECT 1').then(
        () => true,
        () => false,
      ),
      new Promise<boolean>((resolve) => setTimeout(resolve, CHECK_LIMIT_MS, false).unref()),
    ]);
    return { name: 'database', ok: answered, ...(answered ? {} : { detail: 'does not answer' }) };
  }
}
