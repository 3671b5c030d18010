import fc from 'fast-check';
import { membership as changed } from '../../neighbours.js';
import { command } from '../command.js';
import type { HoldCode } from '../model-declaration.js';

const CODES = {
  joined: 'PCN_PRACTICE_JOINED',
  left: 'PCN_PRACTICE_LEFT',
  corrected: 'PCN_MEMBERSHIP_CORRECTED',
} as const satisfies Record<string, HoldCode>;

/** Who makes up the PCN changed. */
export const membership = command({
  name: 'membership',
  early: true,
  weight: 2,
  args: fc.record({ what: fc.constantFrom(...(Object.keys(CODES) as (keyof typeof CODES)[])) }),
  async run(model, real, { what }) {
    const version = ++model.membership;
    const event = changed(what, real.pcnCode, version);
    const apply = () => model.membershipChange({ version, code: CODES[what] });
    apply();
    return { expected: null, given: await real.hear('memberships', event, apply) };
  },
});
