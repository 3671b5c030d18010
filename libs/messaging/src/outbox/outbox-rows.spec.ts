import { describe, expect, it } from '@jest/globals';
import { upToLength } from './outbox-rows.js';

const rows = (...lengths: number[]) => lengths.map((length) => ({ payload: 'x'.repeat(length) }));

describe('a send', () => {
  it('takes the first rows that fit together', () => {
    expect(upToLength(rows(4, 4, 4), 8)).toHaveLength(2);
    expect(upToLength(rows(4, 4), 8)).toHaveLength(2);
  });

  it('takes a row that is too long by itself, alone', () => {
    expect(upToLength(rows(20, 1), 8)).toHaveLength(1);
    expect(upToLength(rows(1, 20, 1), 8)).toHaveLength(1);
  });

  it('of nothing is nothing', () => {
    expect(upToLength([], 8)).toEqual([]);
  });
});
