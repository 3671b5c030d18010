import fc from 'fast-check';
import { command, type Answers } from '../command.js';
import { POLICY_NAMES, type PolicyName } from '../model-policy.js';
import { goOn } from './go-on.js';
import { inTurn } from './in-turn.js';
import { publish } from './publish.js';
import { sign } from './sign.js';

const ALSO = { stage: 'commissioner', by: 'second', decision: 'approve', superseded: false, foreign: false };

/** The catalogue publishes who has to agree. */
export const policy = command({
  name: 'policy',
  early: true,
  weight: 2,
  args: fc.record({ policy: fc.constantFrom(...POLICY_NAMES) }),
  run: (model, real, changes) => publish(model, real, changes),
});

/** A route is published, signed some steps on, and changed meanwhile: drawn apart, they would seldom meet. */
export const signRoute = command({
  name: 'sign-route',
  weight: 7,
  args: fc.record({
    first: fc.constantFrom(...POLICY_NAMES),
    steps: fc.constantFrom(1, 2, 2, 3, 3, 4, 5, 6),
    /** Somebody of a tier that may not be due. */
    also: fc.constantFrom(null, null, 'senior', 'board'),
    then: fc.constantFrom(null, 'none', ...POLICY_NAMES),
  }),
  run(model, real, { first, steps, also, then }) {
    let done = 0;
    let isChanged = false;
    const change = (to: PolicyName): Promise<Answers> => {
      isChanged = true;
      return publish(model, real, { policy: to });
    };
    const next = (): Promise<Answers> | null => {
      if (done++ === 0) return publish(model, real, { policy: first });
      if (done <= steps + 1) return goOn.run(model, real, {});
      if (done === steps + 2 && also !== null) return sign.run(model, real, { ...ALSO, tier: also });
      return then === null || isChanged ? null : change(then);
    };
    return inTurn(model, real, next, steps + 3);
  },
});
