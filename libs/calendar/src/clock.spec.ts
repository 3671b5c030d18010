import { describe, expect, it } from '@jest/globals';
import { BusinessClock } from './clock.js';

describe('the business clock', () => {
  const real = { now: () => new Date('2026-03-31T22:30:00Z') };

  it('runs with real time until it is moved', () => {
    const clock = new BusinessClock(real);
    expect(clock.now()).toEqual(real.now());
    expect(clock.today()).toBe('2026-03-31');
  });

  it('runs with its offset, and its date is London’s', () => {
    const clock = new BusinessClock(real);
    clock.runWithOffset(30 * 60_000);
    expect(clock.now().toISOString()).toBe('2026-03-31T23:00:00.000Z');
    expect(clock.today()).toBe('2026-04-01');
  });
});
