import { describe, expect, it } from '@jest/globals';
import { GATHER_AT_MOST_MS, restAfterMs } from './gathering.js';

describe('whoever did a little', () => {
  it('rests four times as long as that took, so that it works a fifth of the time', () => {
    expect(restAfterMs(10, GATHER_AT_MOST_MS)).toBe(40);
  });

  it('rests no longer than it is told to at most', () => {
    expect(restAfterMs(1_000, GATHER_AT_MOST_MS)).toBe(250);
  });

  it('never rests where it is told not to', () => {
    expect(restAfterMs(10, 0)).toBe(0);
  });
});
