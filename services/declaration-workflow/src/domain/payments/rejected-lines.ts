import {
  isBeforeConfirm,
  isOpenAdjustment,
  isOverridden,
  isSealed,
  latestOf,
  madeWith,
  type Declaration,
  mainOf,
} from '../core/declaration.js';
import { expectLine, misfit } from './payment-fact.js';
import { settleAchievement } from '../figures/adjustments.js';
import { withFigures } from '../figures/restate.js';
import { oncePerChange } from '../holds/pending-holds.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

// A line whose money did not arrive. Nothing of it is settled, so that all of it is owed again: to its next attempt, or to
// the adjustment that is open.

export function reject(work: Work, d: Declaration, s: StimulusOf<'rejected'>): void {
  expectLine(d, 'SENT_TO_AGENCY', s);
  goBack(work, d, 'reject', s.reasonCode, s.reason);
}

/** The provider's bank sent the credit back, days after the agency had said that it was paid. */
export function putBack(work: Work, d: Declaration, s: StimulusOf<'returned'>): void {
  expectLine(d, 'PAID', s);
  // Settled without a line: no bank has ever had it.
  if (d.sealedPence === null || d.sealedPence === 0n) throw misfit(d, s);
  goBack(work, d, 'return', s.reasonCode, `${s.reason} (returned on ${s.returnedOn})`);
}

function goBack(work: Work, d: Declaration, action: 'reject' | 'return', code: string, reason: string): void {
  const open = work.family.find((one) => one.declarationId !== d.declarationId && isOpenAdjustment(one));
  const isAbsorbed = absorbs(open, d);
  const back = work.take(
    d,
    action,
    { actor: 'agency', code, reason },
    {
      // What was told of this line is over with it: a change that the next attempt is sent over is told anew.
      sealedPence: null,
      resolutionSince: null,
      ...(isAbsorbed ? {} : d.kind === 'adjustment' ? asItStands(work, d) : waitsAlike(d, open)),
    },
  );
  if (!isAbsorbed) {
    if (d.kind === 'adjustment') takeOver(work, back);
    return;
  }
  // The adjustment now owes this, too; a second attempt of the line would pay it twice.
  const absorbed = work.take(
    back,
    'absorb',
    { actor: 'system', code: 'ABSORBED', reason },
    { holds: [], pendingHolds: [] },
  );
  settleAchievement(work, d.kind === 'adjustment' ? mainOf(work.family)! : absorbed);
}

/**
 * Beside an achievement's own line only an adjustment that is not with a run: that one states the whole and is signed
 * again. Of adjustments at most one is open, so a second one never waits beside it; what is with a run then hands the
 * rest on when it is sealed, or states it when it comes back.
 */
const absorbs = (open: Declaration | undefined, d: Declaration): boolean =>
  open !== undefined && (d.kind === 'adjustment' || isBeforeConfirm(open));

/** Figures that came after it was sent passed it by. What they changed was settled beside it, so it states what it stated. */
function asItStands(work: Work, adjustment: Declaration): Partial<Declaration> {
  const main = mainOf(work.family);
  if (!main || main.latest.revision <= adjustment.latest.revision) return {};
  const { latest, previous, awaiting, blocked, required } = withFigures(adjustment, main.latest);
  const stated = { statedRevision: latest.revision, statedHash: latest.resultHash };
  return { latest, previous, awaiting, blocked, required, ...stated };
}

/**
 * A change that came while it was sent reached the adjustment beside it alone, which carried it for both. Where a run has
 * that one, or it is to be sent again itself, the line that is tried again waits for the same figures and the same look.
 */
function waitsAlike(line: Declaration, adjustment: Declaration | undefined): Partial<Declaration> {
  if (!adjustment) return {};
  const isNews = (pcnCode: string, version: number): boolean =>
    !madeWith(line.latest, pcnCode, version) && !isOverridden(line, pcnCode, version);
  const required = Object.entries(adjustment.required).filter(([pcn, version]) => isNews(pcn, version));
  const holds = adjustment.pendingHolds.filter(
    ({ pcnCode, membershipVersion }) =>
      pcnCode !== null && membershipVersion !== null && isNews(pcnCode, membershipVersion),
  );
  return {
    required: latestOf(line.required, Object.fromEntries(required)),
    pendingHolds: oncePerChange([...line.pendingHolds, ...holds]),
  };
}

/** Open again, it carries what is unresolved of its achievement, as every open adjustment does. */
function takeOver(work: Work, adjustment: Declaration): void {
  const main = mainOf(work.family);
  if (!main || !isSealed(main) || main.pendingHolds.length + Object.keys(main.required).length === 0) return;
  work.set(adjustment, {
    required: latestOf(main.required, adjustment.required),
    // It may have handed these on itself when it was sent.
    pendingHolds: oncePerChange([...adjustment.pendingHolds, ...main.pendingHolds]),
  });
  work.set(main, { pendingHolds: [] });
}
