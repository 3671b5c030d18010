import type { Database } from '@attest/persistence';
import { TryingAgain, type Logger } from '@attest/telemetry';
import type { Client } from 'pg';

/** Any fixed number; one database belongs to one service. */
const LEASE_LOCK = 7_302_651_002n;
const FIRST_ASK_MS = 1_000;
/** How long the jobs rest at most when the replica that ran them is gone. */
const LONGEST_ASK_MS = 5_000;
/** A connection that is cut off without a word is noticed within two of these: sooner than the server frees the lock. */
const CHECK_EVERY_MS = 5_000;

/**
 * The right to run a service's jobs: one replica's session holds it. Whoever has it not asks again on the connection
 * that it has, with growing pauses. Whoever loses the connection has lost it: another may have begun.
 */
export class Lease {
  readonly #again = new TryingAgain(FIRST_ASK_MS, LONGEST_ASK_MS);
  readonly #waiting = new TryingAgain(FIRST_ASK_MS, LONGEST_ASK_MS);
  #client: Client | undefined;
  #held: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | undefined;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
    /** @param signal aborted when the lease is lost */
    private readonly onHeld: (signal: AbortSignal) => void,
  ) {}

  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  start(): void {
    this.#next(0);
  }

  /** Asks no more. What it holds it keeps. */
  async stopAsking(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#asking;
  }

  /** Another replica may have it. After `stopAsking`. */
  async giveBack(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#held = undefined;
    await client?.end().catch(() => undefined);
  }

  #next(afterMs: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#asking = (this.#held ? this.#check() : this.#ask()).catch((error: unknown) => this.#lost(error));
    }, afterMs);
    this.#timer.unref();
  }

  async #ask(): Promise<void> {
    const client = (this.#client ??= await this.#connect());
    const { rows } = await client.query<{ ours: boolean }>('SELECT pg_try_advisory_lock($1) AS ours', [
      LEASE_LOCK.toString(),
    ]);
    this.#again.succeeded();
    if (this.#client !== client) return;
    if (!rows[0]?.ours || this.#stopped) return this.#next(this.#waiting.failed(() => undefined));
    this.#waiting.succeeded();
    this.#held = new AbortController();
    this.onHeld(this.#held.signal);
    this.#next(CHECK_EVERY_MS);
  }

  async #check(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The lease’s connection does not answer')), CHECK_EVERY_MS);
    });
    await Promise.race([this.#client?.query('SELECT 1'), tooLong]).finally(() => clearTimeout(timer));
    this.#next(CHECK_EVERY_MS);
  }

  async #connect(): Promise<Client> {
    const client = await this.database.connect();
    const onLost = (): void => {
      if (this.#client === client) this.#lost(new Error('The lease’s connection was lost'));
    };
    client.on('error', onLost).on('end', onLost);
    return client;
  }

  #lost(error: unknown): void {
    const client = this.#client;
    this.#client = undefined;
    this.#held?.abort();
    this.#held = undefined;
    // Not awaited: a server that is gone says no goodbye.
    void client?.end().catch(() => undefined);
    if (this.#stopped) return;
    this.#next(
      this.#again.failed((repeated) => this.logger.warn('SCHEDULER_LEASE_NOT_ASKED', { ...repeated }, error)),
    );
  }
}
