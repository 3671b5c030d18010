import type { LondonDate } from '@attest/calendar';
import fc from 'fast-check';
import { command } from '../command.js';
import { at, daysAgo } from '../model-service.js';
import { publish } from './publish.js';

/** Far enough from midnight on a last day that no sequence runs into it. */
const DEADLINES = { ahead: null, yesterday: 1, 'long-ago': 40 } as const;
/** `between`: its own has passed, that of every later period has not. */
const CUT_OFFS = { ahead: null, between: 10, 'long-ago': 100 } as const;
const ahead = (day: string): LondonDate => `2100-${day}` as LondonDate;

/** The catalogue moves the dates: it becomes late, or in time again, and payable or not yet. */
export const calendar = command({
  name: 'calendar',
  early: true,
  weight: 4,
  args: fc.record({
    opened: fc.constantFrom(true, true, true, true, true, false),
    deadline: fc.constantFrom(...(Object.keys(DEADLINES) as (keyof typeof DEADLINES)[])),
    cutOff: fc.constantFrom(...(Object.keys(CUT_OFFS) as (keyof typeof CUT_OFFS)[])),
  }),
  run(model, real, { opened, deadline, cutOff }) {
    const [deadlineAgo, cutOffAgo] = [DEADLINES[deadline], CUT_OFFS[cutOff]];
    return publish(model, real, {
      calendar: {
        opensOn: opened ? ('2020-08-09' as LondonDate) : ahead('01-09'),
        deadlineOn: deadlineAgo === null ? ahead('08-24') : daysAgo(deadlineAgo),
        cutOffAt: at(cutOffAgo === null ? ahead('09-01') : daysAgo(cutOffAgo)),
      },
    });
  },
});
