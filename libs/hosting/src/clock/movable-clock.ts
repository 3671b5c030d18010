import type { BusinessClock } from '@attest/calendar';
import type { Database, Tx } from '@attest/persistence';
import { TryingAgain, type Logger } from '@attest/telemetry';

const FOLLOW_MS = 1_000;
const LONGEST_RETRY_MS = 10_000;

/** The business clock's offset as this service keeps it. Does nothing unless the clock may be moved. */
export class MovableClock {
  #following: NodeJS.Timeout | undefined;
  #stopped = false;
  readonly #again = new TryingAgain(FOLLOW_MS, LONGEST_RETRY_MS);
  #version = -1;

  constructor(
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly logger: Logger,
    readonly movable: boolean,
  ) {}

  /** Takes the offset that was kept, and follows what another replica consumes. */
  async start(): Promise<void> {
    if (!this.movable) return;
    await this.#load();
    this.#followIn(FOLLOW_MS);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#following);
  }

  /** One question at a time: while the database is slow, they would pile up on its connections. */
  #followIn(ms: number): void {
    if (this.#stopped) return;
    this.#following = setTimeout(() => {
      void this.#load().then(
        () => {
          this.#again.succeeded();
          this.#followIn(FOLLOW_MS);
        },
        (error: unknown) =>
          this.#followIn(
            this.#again.failed((repeated) => this.logger.warn('CLOCK_NOT_FOLLOWED', { ...repeated }, error)),
          ),
      );
    }, ms);
    this.#following.unref();
  }

  /** Keeps a newer offset; the clock runs with it once the transaction is committed. */
  async move(tx: Tx, to: { readonly offsetMs: number; readonly clockVersion: number }): Promise<void> {
    if (!this.movable) return;
    const { rowCount } = await tx.query(
      `INSERT INTO business_clock AS kept (offset_ms, version, moved_at) VALUES ($1, $2, now())
       ON CONFLICT (only_one) DO UPDATE SET offset_ms = excluded.offset_ms, version = excluded.version, moved_at = now()
       WHERE kept.version < excluded.version`,
      [to.offsetMs, to.clockVersion],
    );
    if (rowCount > 0) tx.afterCommit(() => this.#run(to.clockVersion, to.offsetMs));
  }

  async #load(): Promise<void> {
    const { rows } = await this.database.query<{ offset_ms: bigint; version: bigint }>(
      `SELECT offset_ms, version FROM business_clock`,
    );
    if (rows[0]) this.#run(Number(rows[0].version), Number(rows[0].offset_ms));
  }

  /** What was read before a move may come after it. */
  #run(version: number, offsetMs: number): void {
    if (version < this.#version) return;
    this.#version = version;
    this.clock.runWithOffset(offsetMs);
  }
}
