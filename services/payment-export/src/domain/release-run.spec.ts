import { describe, expect, it } from '@jest/globals';
import { RUN_STATES, RUN_TRANSITIONS, runTransition, UNDER_WAY, type RunAction } from './release-run.js';

const ACTIONS: readonly RunAction[] = ['pass', 'abort', 'close', 'end'];
const allowed = new Set(RUN_TRANSITIONS.map(({ from, on }) => `${from}|${on}`));

describe('a release run', () => {
  it.each(RUN_TRANSITIONS)('in $from on $on is $to', ({ from, on, to }) => {
    expect(runTransition(from, on)).toBe(to);
  });

  it.each(RUN_STATES.flatMap((from) => ACTIONS.map((on) => [from, on] as const)))(
    'in %s takes %s only where the table says so',
    (from, on) => {
      if (!allowed.has(`${from}|${on}`))
        expect(() => runTransition(from, on)).toThrow(expect.objectContaining({ code: 'ILLEGAL_RUN_STEP' }));
    },
  );

  it('reaches every state, and leaves each one that is under way', () => {
    const reached = new Set(['waiting', ...RUN_TRANSITIONS.map(({ to }) => to)]);
    expect([...reached].sort()).toEqual([...RUN_STATES].sort());
    for (const state of UNDER_WAY) expect(RUN_TRANSITIONS.some(({ from }) => from === state)).toBe(true);
  });

  it('pays nothing once it was aborted', () => {
    for (const on of ACTIONS) expect(() => runTransition('aborted', on)).toThrow();
  });
});
