import type { Database } from '@attest/persistence';

export const WAKE_CHANNEL = 'attest_outbox';

/** The relay of this process, as whoever wakes it sees it. */
export interface Wakeable {
  owns(shard: number): boolean;
  wake(): void;
}

/**
 * Tells the relays of these shards that something was committed: the one in this process directly, others by one
 * NOTIFY for all that gathered meanwhile, on a pool connection. Inside the domain transaction NOTIFY would take a
 * lock that serialises every commit. A lost wake costs a poll interval, nothing else.
 */
export class RelayWaker {
  private readonly elsewhere = new Set<number>();
  private notifying = false;
  private relay: Wakeable | undefined;

  constructor(private readonly database: Database) {}

  attach(relay: Wakeable): void {
    this.relay = relay;
  }

  wake(shards: ReadonlySet<number>): void {
    let ours = false;
    for (const shard of shards) {
      if (this.relay?.owns(shard)) ours = true;
      else this.elsewhere.add(shard);
    }
    if (ours) this.relay?.wake();
    if (this.elsewhere.size > 0 && !this.notifying) void this.notify();
  }

  private async notify(): Promise<void> {
    this.notifying = true;
    try {
      while (this.elsewhere.size > 0) {
        const shards = [...this.elsewhere].join(',');
        this.elsewhere.clear();
        await this.database.query({ name: 'outbox-wake', text: `SELECT pg_notify('${WAKE_CHANNEL}', $1)` }, [
          shards,
        ]);
      }
    } catch {
      // The relays poll.
    } finally {
      this.notifying = false;
    }
  }
}
