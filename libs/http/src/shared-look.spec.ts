import { describe, expect, it } from '@jest/globals';
import { SharedLook } from './shared-look.js';

const EVERY_MS = 80;
const { signal } = new AbortController();

describe('a look that several share', () => {
  it('rests after a look that failed as after one that saw something', async () => {
    const at: number[] = [];
    const look = new SharedLook(() => {
      at.push(performance.now());
      return at.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve('seen');
    }, EVERY_MS);
    await expect(look.after(0, signal)).rejects.toThrow('away');
    expect(await look.after(0, signal)).toEqual({ look: 1, state: 'seen' });
    expect(at[1]! - at[0]!).toBeGreaterThan(EVERY_MS - 5);
  });
});
