import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ALL_SPECS } from '../src/all-specs.js';
import { LONG_RUNS } from '../src/long.js';

const drawn = ALL_SPECS.filter((path) => !path.endsWith('draws.spec.ts')).flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/draws\(\{ name: '(\w+)',[^}]*full: ([\d_]+)/g)].map(
    ([, size, full]) => ({ path, size, full: Number(full?.replace(/_/g, '')) }),
  ),
);

describe('npm run test:long', () => {
  it('runs every spec that draws, in the full size that the spec says', () => {
    const known = LONG_RUNS.map(({ spec, size, full }) => ({
      path: ALL_SPECS.find((path) => path.startsWith(`${spec}.`)),
      size,
      full,
    }));
    const bySize = (a: { size?: string }, b: { size?: string }): number =>
      String(a.size).localeCompare(String(b.size));
    expect(known.sort(bySize)).toEqual(drawn.sort(bySize));
  });
});
