import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { draws } from '@attest/testing';
import { MEETINGS } from './model/meetings.js';
import { REGRESSIONS } from './model/regressions.js';
import { runDrawn, runKept, tried } from './model/sequences.js';
import { startSystem, type System } from './model/system.js';

const {
  count: SEQUENCES,
  seed: SEED,
  repeat: REPEAT,
} = draws({ name: 'MODEL_SEQUENCES', usual: 400, full: 20_000 });
/** Side by side, as many as keep two cores busy. */
const AT_ONCE = 8;
/** Of commands, some of which are many steps. */
const LENGTH = 20;
/** Shrinking a counter-example takes numbers too. */
const SPARE = 4_000;

/** In the usual size chance decides whether what is rare is met, so that it is asked for in long runs alone. */
function leastOf(often: number): number {
  if (SEQUENCES >= 2_000) return often;
  return SEQUENCES >= 250 && often > 1 ? 1 : 0;
}

let system: System;
let number = 0;

beforeAll(async () => {
  system = await startSystem(AT_ONCE * 2);
  await system.know(1, SEQUENCES + SPARE);
});
afterAll(() => system.close());

describe('the service and the reference model agree', () => {
  for (const [what, steps] of REGRESSIONS)
    it(`where they once differed: ${what}`, () => runKept(system, ++number, steps));

  it(
    `on ${SEQUENCES} sequences (${REPEAT})`,
    async () => {
      // What was kept says nothing of what is drawn.
      tried.clear();
      const started = Date.now();
      const share = Math.ceil(SEQUENCES / AT_ONCE);
      await Promise.all(
        Array.from({ length: AT_ONCE }, (_, at) =>
          runDrawn(system, () => ++number, { seed: SEED + at, sequences: share, length: LENGTH }),
        ),
      );
      const steps = [...tried.values()].reduce((sum, count) => sum + count, 0);
      console.log(
        `${REPEAT}: ${share * AT_ONCE} sequences, ${steps} steps, ${tried.size} kinds of meeting, ${((Date.now() - started) / 1000).toFixed(1)} s`,
      );
      expect(
        MEETINGS.map(([what, often]) => ({
          what,
          least: leastOf(often),
          times: tried.get(what) ?? 0,
        })).filter(({ least, times }) => times < least),
      ).toEqual([]);
    },
    6 * 60_000 * Math.max(1, SEQUENCES / 2_000),
  );
});
