import { describe, expect, it } from '@jest/globals';
import { draws } from './draws.js';

const RACES = { name: 'RACE_ROUNDS', usual: 16, full: 200 };

describe('what a spec draws at random', () => {
  it.each([
    ['little in npm test', {}, 16],
    ['all of it in npm run test:long', { ATTEST_TEST_LONG: '1' }, 200],
    ['as much as its own variable says', { ATTEST_TEST_LONG: '1', RACE_ROUNDS: '3' }, 3],
  ])('is %s', (_, env, count) => {
    expect(draws(RACES, env).count).toBe(count);
  });

  it('is repeated with the seed that was given, and says how', () => {
    expect(draws(RACES, { RACE_SEED: '7' })).toMatchObject({
      seed: 7,
      repeat: 'RACE_ROUNDS=16 RACE_SEED=7',
    });
  });

  it('comes of another seed in each run', () => {
    expect(draws(RACES, {}).seed).not.toBe(draws(RACES, {}).seed);
  });

  it('is refused when a variable holds no number', () => {
    expect(() => draws(RACES, { RACE_SEED: 'seven' })).toThrow('RACE_SEED must be a whole number');
  });
});
