import { textArray, type Tx } from '@attest/persistence';
import type { TopicName } from '@attest/contracts';

/** Stands for every key of a topic: a record's own key could not be read. */
export const EVERY_KEY = '*';

export interface BlockedKey {
  readonly key: string;
  readonly code: string;
  readonly since: Date;
}

/**
 * Which keys of a topic are parked at this service. With `keys`, only those of them, and all of them when a record
 * with an unreadable key blocks the topic. Refuse with UPSTREAM_EVENT_PARKED whatever depends on one.
 */
export async function blockedKeys(
  tx: Pick<Tx, 'query'>,
  topic: TopicName,
  keys?: readonly string[],
): Promise<Map<string, BlockedKey>> {
  const { rows } = await tx.query<BlockedKey>(
    {
      name: 'blocked-keys',
      text: `SELECT key, code, since FROM blocked_key
             WHERE topic = $1 AND ($2::text[] IS NULL OR key = ANY ($2) OR key = '${EVERY_KEY}')`,
    },
    [topic, keys ? textArray(keys) : null],
  );
  const found = new Map(rows.map((row) => [row.key, row]));
  const all = found.get(EVERY_KEY);
  if (all && keys) {
    found.delete(EVERY_KEY);
    for (const key of keys) if (!found.has(key)) found.set(key, { ...all, key });
  }
  return found;
}
