import { isStale, type Declaration } from './declaration.js';
import type { RefusalCode } from './refusals.js';
import { applyCorrection } from '../signing/correct.js';
import { applyLapse } from '../signing/lapse.js';
import { applyLostSignature, applySignature } from '../signing/signatures.js';
import { applyEscalation } from '../holds/hold-expiry.js';
import { applyHoldByHand } from '../holds/hold-by-hand.js';
import { applyReleaseHold } from '../holds/release-hold.js';
import { applySettleOutside } from '../signing/settle-outside.js';
import { applyFigures, applyMarker } from '../figures/figures.js';
import { applyAdmitLate } from '../periods/late.js';
import { applyMembership } from '../holds/memberships.js';
import { applyKeepEarlierFigure } from '../figures/keep-earlier-figure.js';
import { isPaymentStimulus } from '../payments/payment-fact.js';
import { applyPayment } from '../payments/payment-steps.js';
import { applyPolicy } from '../signing/policy-change.js';
import { applyProposal } from '../signing/proposals.js';
import { applyDeclare, applyUndeclare } from '../signing/declare.js';
import { applyAddress } from '../references/readdress.js';
import { applyRevert } from '../periods/revert.js';
import type { Stimulus } from './stimulus.js';
import { applySystemSteps } from '../signing/system-steps.js';
import { Work, type Context, type Outcome } from './work.js';

/**
 * What one stimulus does to the declarations of one achievement. Pure: nothing is read, written or remembered.
 * A person declaring, signing or releasing a hold needs only that declaration; whatever moves what is owed needs all of
 * the achievement's.
 * @throws PaymentFactDoesNotFitError when a payment fact contradicts what is known here
 */
export function apply(family: readonly Declaration[], stimulus: Stimulus, context: Context): Outcome {
  const work = new Work(family, context);
  applyTo(work, stimulus);
  return work.outcome();
}

function applyTo(work: Work, s: Stimulus): void {
  switch (s.kind) {
    case 'figures':
      return applyFigures(work, s);
    case 'marker':
      return applyMarker(work, s);
    case 'membership':
      for (const d of work.family) applyMembership(work, d, s.change);
      return;
    case 'readdress':
      for (const d of work.family) applyAddress(work, d, s.address);
      return;
    case 'policy':
      for (const d of work.family) applyPolicy(work, d, s.policy);
      return;
    default:
      return applyToOne(work, s);
  }
}

function applyToOne(work: Work, s: Extract<Stimulus, { declarationId: string }>): void {
  const d = work.byId(s.declarationId);
  if (!d) return work.refuse('UNKNOWN_DECLARATION');
  const overtaken = whyOvertaken(d, s);
  if (overtaken) return work.refuse(overtaken);
  if (isPaymentStimulus(s)) return applyPayment(work, d, s);
  switch (s.kind) {
    case 'declare':
      return applyDeclare(work, d, s);
    case 'undeclare':
      return applyUndeclare(work, d, s);
    case 'lapse':
      return applyLapse(work, d, s);
    case 'release-hold':
      return applyReleaseHold(work, d, s);
    case 'hold-by-hand':
      return applyHoldByHand(work, d, s);
    case 'escalate-holds':
      return applyEscalation(work, d, s);
    case 'keep-earlier-figure':
      return applyKeepEarlierFigure(work, d, s);
    case 'revert':
      return applyRevert(work, d, s);
    case 'proposal':
      return applyProposal(work, d, s);
    case 'settle-outside':
      return applySettleOutside(work, d, s);
    case 'admit-late':
      return applyAdmitLate(work, d, s);
    case 'correct':
      return applyCorrection(work, d, s);
    case 'signature':
      return applySignature(work, d, s);
    case 'signature-lost':
      return applyLostSignature(work, d, s);
    case 'system-steps':
      return applySystemSteps(work, d, s);
  }
}

/** What somebody saw, or what two people decide about, is no longer what stands there. */
function whyOvertaken(d: Declaration, s: Extract<Stimulus, { declarationId: string }>): RefusalCode | null {
  if (s.kind === 'correct' && s.attempt !== d.attempt) return 'CORRECTION_SUPERSEDED';
  return 'seenRevision' in s && isStale(d, s.seenRevision) ? 'STALE_VERSION' : null;
}
