import { describe, expect, it } from '@jest/globals';
import { newestOfEach } from './newest-of-each.js';

const of = (...items: [key: string, version: number][]) =>
  newestOfEach(
    items,
    ([key]) => key,
    ([, version]) => version,
  );

describe('of several versions in a batch', () => {
  it('the highest counts, also where an older one is told again after it', () => {
    expect(of(['a', 1], ['a', 2], ['a', 1])).toEqual([['a', 2]]);
  });

  it('each key has its own', () => {
    expect(of(['b', 3], ['a', 1], ['b', 2])).toEqual([
      ['b', 3],
      ['a', 1],
    ]);
  });

  it('the last of equal ones counts', () => {
    const [first, last] = [{ version: 1n }, { version: 1n }];
    expect(
      newestOfEach(
        [first, last],
        () => 'a',
        (one) => one.version,
      )[0],
    ).toBe(last);
  });
});
