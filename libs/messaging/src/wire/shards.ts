import { OUTBOX_SHARDS } from '@attest/contracts';

/** FNV-1a over UTF-8; 32 bits. Fixed for ever: another hash would move keys to other partitions. */
export function hashKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    const code = key.charCodeAt(i);
    if (code > 0x7f) return hashBytes(Buffer.from(key));
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash >>> 0;
}

function hashBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The outbox shard of a key. The high half is folded in because FNV's low bits alone are uneven on short keys. */
export function shardOf(key: string): number {
  const hash = hashKey(key);
  return ((hash >>> 16) ^ hash) & (OUTBOX_SHARDS - 1);
}

/** One shard feeds one partition, because a topic's partitions divide the number of shards. */
export function partitionOf(shard: number, partitions: number): number {
  return shard % partitions;
}

/** The shards that feed one partition. */
export function shardsOf(partition: number, partitions: number): number[] {
  const shards: number[] = [];
  for (let shard = partition; shard < OUTBOX_SHARDS; shard += partitions) shards.push(shard);
  return shards;
}
