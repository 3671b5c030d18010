import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '@attest/contracts';
import { hashKey, partitionOf, shardOf, shardsOf } from './shards.js';

describe('the shard of a key', () => {
  // Published test vectors of 32-bit FNV-1a; another hash would move keys to other partitions.
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('hashes %p by FNV-1a', (key, hash) => {
    expect(hashKey(key)).toBe(hash);
  });

  it('hashes the bytes of UTF-8', () => {
    // 0xc3 0xa9: 0x811c9dc5 xor 0xc3, times the prime, xor 0xa9, times the prime.
    const prime = 0x01000193;
    expect(hashKey('é')).toBe(Math.imul(Math.imul(0x811c9dc5 ^ 0xc3, prime) ^ 0xa9, prime) >>> 0);
  });

  it('spreads practice codes evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let i = 0; i < 16_000; i++) counts[shardOf(`A${80_000 + i}`)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });

  it('feeds one partition of each topic', () => {
    for (const { partitions } of Object.values(TOPICS)) {
      const fed = Array.from({ length: partitions }, (_, partition) => shardsOf(partition, partitions));
      expect(fed.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, shard) => shard));
      fed.forEach((shards, partition) =>
        shards.forEach((shard) => expect(partitionOf(shard, partitions)).toBe(partition)),
      );
    }
  });
});
