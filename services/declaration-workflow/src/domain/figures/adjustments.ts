import {
  isBeforeConfirm,
  isEnded,
  isOpenAdjustment,
  isSealed,
  latestOf,
  waitsForMembership,
  type Declaration,
} from '../core/declaration.js';
import { newDeclaration } from '../core/new-declaration.js';
import { restate, withFigures } from './restate.js';
import { entitlementOf, owedBeside } from './owed.js';
import { reachedAnew } from '../holds/memberships.js';
import { oncePerChange, takeOverHolds } from '../holds/pending-holds.js';
import { SYSTEM, type Work } from '../core/work.js';

const ADJUSTMENT_FOLLOWS =
  'it changed after it was confirmed and was not stopped in time; an adjustment was opened';
const WAITS_FOR_FIGURES =
  'it changed after it was confirmed and was not stopped in time; an adjustment follows if the amount differs';

/**
 * After a line was sealed: what is owed beyond what is settled is carried by one adjustment, opened or restated; where
 * nothing is owed, that is said.
 */
export function settleAchievement(work: Work, main: Declaration): void {
  const adjustment = work.family.find(isOpenAdjustment);
  const owed = owedBeside(work.family, adjustment, entitlementOf(work.family, main.latest));
  if (adjustment) {
    work.note(main, 'refigure', SYSTEM, { resolutionSince: null });
    if (main.latest.revision <= adjustment.latest.revision && owed === adjustment.pence) return;
    const newer = withFigures(adjustment, main.latest);
    if (isBeforeConfirm(newer)) restate(work, newer, owed);
    else work.note(newer, 'record-change', { actor: 'system', code: 'CHANGED_AFTER_CONFIRM' });
  } else if (owed !== 0n) {
    openAdjustment(work, main, owed);
  } else if (waitsForMembership(main)) {
    if (main.resolutionSince) work.note(main, 'refigure', SYSTEM);
    else needResolution(work, main, WAITS_FOR_FIGURES, { resolutionSince: work.context.now });
  } else if (main.resolutionSince || main.latest.resultHash !== main.statedHash) {
    work.note(
      main,
      'record-change',
      { actor: 'system', code: 'NO_EFFECT_ON_PAYMENT' },
      { resolutionSince: null, pendingHolds: stillPending(main) },
    );
  } else {
    // Changes that came while it was being sent, and whose figures are the ones that were sent: nothing waits for them.
    work.note(main, 'refigure', SYSTEM, { pendingHolds: stillPending(main) });
  }
}

/** A line that is to be sent again is still held for what holds it, whatever is settled beside it. */
const stillPending = (main: Declaration): Declaration['pendingHolds'] =>
  isSealed(main) || isEnded(main) ? [] : main.pendingHolds;

function openAdjustment(work: Work, main: Declaration, owed: bigint): void {
  const told = main.resolutionSince !== null;
  const after = { resolutionSince: null, pendingHolds: stillPending(main) };
  if (told) work.note(main, 'record-change', { actor: 'system', code: 'ADJUSTMENT_OPENED' }, after);
  else needResolution(work, main, ADJUSTMENT_FOLLOWS, after);
  const fresh = newDeclaration(work, 'adjustment', {
    achievement: {
      serviceCode: main.serviceCode,
      achievementDate: main.achievementDate,
      organisationCode: main.organisationCode,
    },
    address: { commissionerCode: main.commissionerCode, paymentPeriod: main.paymentPeriod },
    figures: main.latest,
    policy: main.policy,
  });
  const lapsed = work.family.filter(isNothingOwed);
  const reachedBy = reachedAnew(lapsed, latestOf(main.reachedBy, main.latest.memberships));
  const standing = takeOverHolds(work, 'adjustment');
  for (const { declarationId, latest } of lapsed)
    work.set(work.byId(declarationId)!, { reachedBy: latestOf(reachedBy, latest.memberships) });
  const holds = [...standing, ...main.pendingHolds.filter((hold) => stillRequired(main, hold))];
  work.take(
    { ...fresh, pence: owed, awaiting: main.awaiting, blocked: main.blocked, reachedBy },
    'open',
    {
      actor: 'system',
      code: 'CHANGED_AFTER_CONFIRM',
      previousPence: entitlementOf(work.family, main.latest) - owed,
    },
    { holds: oncePerChange(holds), required: main.required },
  );
}

const isNothingOwed = (d: Declaration): boolean =>
  d.kind === 'adjustment' && d.status === 'LAPSED' && d.statusCode === 'NOTHING_OWED';

const stillRequired = (main: Declaration, hold: Declaration['holds'][number]): boolean =>
  hold.pcnCode !== null && main.required[hold.pcnCode] !== undefined;

function needResolution(work: Work, main: Declaration, reason: string, changes: Partial<Declaration>): void {
  work.note(main, 'need-resolution', { actor: 'system', code: 'NOT_STOPPED_IN_TIME', reason }, changes);
}
