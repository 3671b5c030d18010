import fc from 'fast-check';
import type { CommandKind } from '../command.js';
import { command } from '../command.js';
import type { Status } from '../model-declaration.js';
import { correct } from './correct.js';
import { declare } from './declare.js';
import { figures } from './figures.js';
import { proposeCorrection } from './propose-correction.js';
import { acknowledged, releaseRequest, sealed } from './release-run.js';
import { sign } from './sign.js';

const RIGHT = { decision: 'approve', superseded: false, foreign: false };
const DECLARES = { by: 'declarer', stale: false, reasoned: true, saysWhyLate: true, together: false };
/** Somebody else for each tier. */
const signNextTier = command({
  name: 'sign-next-tier',
  args: fc.record({}),
  run(model, real) {
    const by = ['approver', 'second', 'helper'][model.subject!.tiersSigned.length];
    return sign.run(model, real, { ...RIGHT, stage: 'commissioner', by, tier: 'due' });
  },
});
const correctNext = command({
  name: 'correct-next',
  args: fc.record({}),
  run: (model, real) =>
    model.subject!.proposal === model.subject!.attempt
      ? correct.run(model, real, { by: 'second' })
      : proposeCorrection.run(model, real, { withdraw: false }),
});
const NEXT: Partial<Record<Status, readonly [CommandKind, object]>> = {
  AWAITING_PROVIDER_APPROVAL: [declare, DECLARES],
  AWAITING_COMMISSIONER_APPROVAL: [signNextTier, {}],
  AWAITING_FINANCE_APPROVAL: [sign, { ...RIGHT, stage: 'finance', by: 'finance' }],
  FINANCIALLY_APPROVED: [releaseRequest, { superseded: false, barrier: true }],
  RELEASING: [sealed, { ofItsRun: true, taken: 'none' }],
  REJECTED_BY_AGENCY: [correctNext, {}],
  SENT_TO_AGENCY: [acknowledged, { ofItsRun: true }],
};

/** The next step towards payment, as it is meant to be taken: drawn at random alone, few would ever get there. */
export const goOn = command({
  name: 'go-on',
  aboutOne: true,
  early: true,
  weight: 25,
  args: fc.record({}),
  async run(model, real) {
    if (!model.main) return figures.run(model, real, { result: 'same', behind: 0, amended: false });
    // Where its line is paid, what is open beside it goes on.
    if (!NEXT[model.subject!.status]) model.lookAt(1);
    const next = NEXT[model.subject!.status];
    return next ? next[0].run(model, real, next[1]) : { expected: null, given: null };
  },
});
