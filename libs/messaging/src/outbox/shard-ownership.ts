import type { Client } from 'pg';
import { OUTBOX_SHARDS } from '@attest/contracts';
import type { Database } from '@attest/persistence';

/** Advisory lock classes of messaging; a database belongs to one service, so they need only differ from each other. */
const SHARD_CLASS = 730_266_001;
const MEMBER_CLASS = 730_266_002;

/** How many relays are alive and which shards are taken, as the locks themselves say. */
const SURVEY = {
  name: 'relay-survey',
  text: `WITH locks AS MATERIALIZED (
           SELECT classid, objid, pid FROM pg_locks
           WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid IN (${SHARD_CLASS}, ${MEMBER_CLASS})
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         )
         SELECT (SELECT count(DISTINCT pid)::int FROM locks WHERE classid = ${MEMBER_CLASS}) AS members,
                (SELECT coalesce(array_agg(objid::int), '{}') FROM locks WHERE classid = ${SHARD_CLASS}) AS taken`,
};

/**
 * Which outbox shards a relay may send. A shard is owned through a session lock: it ends with the connection, so a
 * relay that dies or is cut off loses its shards without anybody's help. Relays share fairly by counting each other.
 */
export class ShardOwnership {
  private held = new Set<number>();

  constructor(private readonly client: Client) {}

  get shards(): readonly number[] {
    return [...this.held];
  }

  owns(shard: number): boolean {
    return this.held.has(shard);
  }

  /** Announces this relay to the others. Once per connection, before the first `share`. */
  async join(): Promise<void> {
    await this.client.query(`SELECT pg_advisory_lock_shared(${MEMBER_CLASS}, 0)`);
  }

  /**
   * Gives up what is beyond a fair share, or takes free shards up to it. Only between sends.
   * @param beingSent shards of which a send is in flight all the same: these stay
   */
  async share(beingSent: ReadonlySet<number>): Promise<void> {
    const { rows } = await this.client.query<{ members: number; taken: number[] }>(SURVEY);
    const { members, taken } = rows[0]!;
    const fair = Math.ceil(OUTBOX_SHARDS / Math.max(1, members));
    if (this.held.size > fair)
      await this.release(
        [...this.held].filter((shard) => !beingSent.has(shard)).slice(0, this.held.size - fair),
      );
    else if (this.held.size < fair) await this.take(fair - this.held.size, new Set(taken));
  }

  /** The connection is gone and the locks with it. */
  giveUp(): void {
    this.held = new Set();
  }

  private async release(shards: readonly number[]): Promise<void> {
    // Ours no longer before the lock is: nobody may find us sending for a shard that another has taken.
    for (const shard of shards) this.held.delete(shard);
    await this.client.query(
      `SELECT pg_advisory_unlock(${SHARD_CLASS}, shard) FROM unnest($1::int[]) AS shard`,
      [shards],
    );
  }

  private async take(wanted: number, taken: ReadonlySet<number>): Promise<void> {
    const free: number[] = [];
    for (let shard = 0; shard < OUTBOX_SHARDS && free.length < wanted; shard++)
      if (!taken.has(shard)) free.push(shard);
    if (free.length === 0) return;
    const { rows } = await this.client.query<{ shard: number; locked: boolean }>(
      `SELECT shard, pg_try_advisory_lock(${SHARD_CLASS}, shard) AS locked FROM unnest($1::int[]) AS shard`,
      [free],
    );
    for (const row of rows) if (row.locked) this.held.add(row.shard);
  }
}

/** How many relays are connected to this database. */
export async function countRelays(database: Database): Promise<number> {
  const { rows } = await database.query<{ members: number }>(SURVEY);
  return rows[0]!.members;
}
