import { describe, expect, it } from '@jest/globals';
import { TryingAgain } from './trying-again.js';

describe('what is tried again', () => {
  it('waits longer each time, up to a longest pause, and briefly again after it worked', () => {
    const again = new TryingAgain(100, 1_000, () => 0);
    const pauses = Array.from({ length: 6 }, () => again.failed(() => undefined));
    expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    again.succeeded();
    expect(again.failed(() => undefined)).toBe(100);
  });

  it('is told at once, then once a minute with how often it failed since', () => {
    let now = 0;
    const again = new TryingAgain(1, 1, () => now);
    const told: [number, number][] = [];
    for (; now <= 120_000; now += 1_000) {
      again.failed(({ failures }) => told.push([now, failures]));
      // Working in between is no reason to tell more.
      again.succeeded();
    }
    expect(told).toEqual([
      [0, 1],
      [60_000, 60],
      [120_000, 60],
    ]);
  });
});
