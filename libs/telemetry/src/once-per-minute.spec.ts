import { describe, expect, it } from '@jest/globals';
import { OncePerMinute } from './once-per-minute.js';

describe('what would be told with every request', () => {
  it('is told at once, and then once a minute with how often it was not', () => {
    let now = 0;
    const told = new OncePerMinute(() => now);
    expect([told.tell('away'), told.tell('away'), told.tell('away')]).toEqual([0, undefined, undefined]);
    expect(told.tell('busy')).toBe(0);
    now = 60_000;
    expect([told.tell('away'), told.tell('away')]).toEqual([2, undefined]);
  });
});
