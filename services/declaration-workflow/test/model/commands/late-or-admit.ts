import fc from 'fast-check';
import { command, type Answers } from '../command.js';
import { admitLate, QUEUE } from './admit-late.js';
import { calendar } from './calendar.js';
import { declare } from './declare.js';
import { goOn } from './go-on.js';
import { inTurn } from './in-turn.js';

const BY_PROVIDER = { by: 'declarer', stale: false, reasoned: true, together: false };

/** Its deadline passes, it is declared late and admitted further on: drawn apart from each other, they would seldom meet. */
export const lateOrAdmit = command({
  name: 'late-or-admit',
  weight: 6,
  args: fc.record({
    /** Null: it is not admitted, and goes with the run of the later period. */
    at: fc.constantFrom(...QUEUE, null),
    cutOffPassed: fc.constantFrom(false, false, true),
    saysWhyLate: fc.constantFrom(true, true, true, false),
  }),
  run(model, real, { at, cutOffPassed, saysWhyLate }) {
    const cutOff = at === null ? 'long-ago' : cutOffPassed ? 'between' : 'ahead';
    let isAdmitted = false;
    const next = (): Promise<Answers> | null => {
      model.lookAt(0);
      const d = model.subject!;
      if (isAdmitted) return null;
      if (d.late === null && !model.service.isLate)
        return calendar.run(model, real, { opened: true, deadline: 'yesterday', cutOff });
      if (d.status === 'AWAITING_PROVIDER_APPROVAL')
        return declare.run(model, real, { ...BY_PROVIDER, saysWhyLate });
      if (d.late === null || d.status !== at) return goOn.run(model, real, {});
      isAdmitted = true;
      return admitLate.run(model, real, { by: 'approver', stale: false, together: false });
    };
    return inTurn(model, real, next, 5);
  },
});
