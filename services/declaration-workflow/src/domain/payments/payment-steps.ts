import {
  type Declaration,
  isEnded,
  isSealed,
  isWithdrawn,
  waitsForMembership,
  UNSIGNED,
  mainOf,
} from '../core/declaration.js';
import { restate } from '../figures/restate.js';
import { obstaclesToConfirm, refusalOf } from '../core/obstacles.js';
import { tellHeldTooLate } from '../holds/hold-by-hand.js';
import { notLate } from '../periods/late.js';
import { putBack, reject } from './rejected-lines.js';
import { claimOf, entitlementOf, owedBeside } from '../figures/owed.js';
import { expectLine, saysMoved, type PaymentStimulus } from './payment-fact.js';
import { resume } from './payable-again.js';
import { wordsOf, type RefusalCode } from '../core/refusals.js';
import { settleAchievement } from '../figures/adjustments.js';
import type { StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

const STOPPED =
  'it changed after it was confirmed and was stopped in time; nothing was paid on the old figures';

/** A run asks, or tells what became of a line. A fact that came before changes nothing. */
export function applyPayment(work: Work, d: Declaration, s: PaymentStimulus): void {
  if (s.paymentVersion <= d.paymentVersion) {
    // It came a second time; or the asker's database was restored and counts anew, and then it needs an answer.
    if (s.kind === 'release-requested' && !s.answered) refuseConfirm(work, d, s, 'PAYMENT_OUT_OF_ORDER');
    return;
  }
  const seen = { ...d, paymentVersion: s.paymentVersion };
  switch (s.kind) {
    case 'release-requested':
      return confirm(work, seen, s);
    case 'sealed':
      return seal(work, seen, s);
    case 'netted':
      return net(work, seen, s);
    case 'not-included':
      return notIncluded(work, seen, s);
    case 'acknowledged':
      expectLine(seen, 'SENT_TO_AGENCY', s);
      work.take(seen, 'acknowledge', { actor: 'agency' });
      return;
    case 'rejected':
      return reject(work, seen, s);
    case 'returned':
      return putBack(work, seen, s);
  }
}

/** A conditional move: everything that forbids payment is looked at once more, at the last moment (design §7). */
function confirm(work: Work, d: Declaration, s: StimulusOf<'release-requested'>): void {
  const refusal = whyNotConfirmed(d, s, work.context.now);
  if (refusal) {
    refuseConfirm(work, d, s, refusal);
  } else {
    work.take(d, 'confirm', { actor: 'system' }, { runId: s.runId });
  }
}

function refuseConfirm(
  work: Work,
  d: Declaration,
  s: StimulusOf<'release-requested'>,
  code: RefusalCode,
): void {
  // What is asked again in a moment says nothing about where the declaration stands.
  const says = d.status === 'FINANCIALLY_APPROVED' && code !== 'PAYMENT_OUT_OF_ORDER';
  const statusChanges = says ? { statusCode: code, statusReason: wordsOf(code) } : {};
  // The answer names the run that asked: the reader matches answers to its run.
  const asked = work.note(
    d,
    'refuse-confirm',
    { actor: 'system', personId: s.discarded?.who ?? null, code, reason: s.discarded?.why ?? null },
    { ...statusChanges, runId: s.runId },
  );
  work.set(asked, { runId: d.runId });
}

function whyNotConfirmed(d: Declaration, s: StimulusOf<'release-requested'>, now: Date): RefusalCode | null {
  if (s.discarded) return 'EVENT_DISCARDED';
  if (s.declarationVersion !== d.declarationVersion) return 'VERSION_SUPERSEDED';
  if (d.status === 'RELEASING') return 'ALREADY_RELEASING';
  if (d.status !== 'FINANCIALLY_APPROVED') return 'NOT_APPROVED';
  if (s.attempt !== d.attempt) return 'ATTEMPT_SUPERSEDED';
  if (!s.barrierPassed) return 'BARRIER_NOT_PASSED';
  return refusalOf(obstaclesToConfirm(d, { ...s, now, payableFrom: s.payableFrom ?? d.payableFrom })[0]);
}

function leftOut(work: Work, d: Declaration, code: string, words: string): void {
  work.note(
    d,
    'record-change',
    { actor: 'payment-export', code, reason: words },
    { statusCode: code, statusReason: words },
  );
}

function seal(work: Work, d: Declaration, s: StimulusOf<'sealed'>): void {
  expectLine(d, 'RELEASING', s);
  const sent = tellHeldTooLate(
    work,
    work.take(
      d,
      'seal',
      { actor: 'payment-export', reason: s.fileName },
      { sealedPence: s.pence, nettedPence: d.nettedPence + s.nettedPence },
    ),
  );
  settleIfChanged(work, sent);
}

/** Settled by the run without a line: the whole amount went to recoveries, or it is a recovery itself. */
function net(work: Work, d: Declaration, s: StimulusOf<'netted'>): void {
  expectLine(d, 'RELEASING', s);
  // Also of a line that was signed for less than recoveries had taken: the rest goes the other way.
  const code =
    s.nettedPence < 0n ? (s.debtPence > 0n ? 'RECORDED_AS_DEBT' : 'RECOVERED') : 'TAKEN_BY_RECOVERIES';
  const netted = work.take(
    d,
    'net',
    { actor: 'payment-export', code, reason: NETTED[code] },
    { sealedPence: 0n, nettedPence: d.nettedPence + s.nettedPence },
  );
  settleIfChanged(work, tellHeldTooLate(work, netted));
}

const NETTED = {
  RECORDED_AS_DEBT:
    'the recovery is taken over; what no payment could take yet is a debt that later runs take off payments',
  RECOVERED: 'the recovery was taken off payments of the same provider in this run',
  TAKEN_BY_RECOVERIES: 'recoveries of the same provider took the whole amount, so it has no line',
} as const;

/** What changed while its run had it, and can no longer be stopped, becomes an adjustment. */
function settleIfChanged(work: Work, settled: Declaration): void {
  const main = mainOf(work.family);
  if (!main) return;
  const changed =
    settled.latest.resultHash !== settled.statedHash ||
    waitsForMembership(settled) ||
    isWithdrawn(main) ||
    claimOf(settled) !== settled.pence ||
    absorbedMeanwhile(work, settled, main);
  if (!changed) {
    // Figures with every change are the ones that were sent: no hold waits for them any more.
    work.set(settled, { pendingHolds: [] });
    return;
  }
  // An adjustment carried what was unresolved of its achievement; sent, it hands that on.
  settleAchievement(work, settled.kind === 'adjustment' ? handedOver(work, settled, main) : main);
}

/** Another adjustment came back while this one was being sent, and was absorbed by it: what it carried is still owed. */
function absorbedMeanwhile({ family }: Work, settled: Declaration, main: Declaration): boolean {
  if (settled.kind !== 'adjustment' || !(isSealed(main) || isEnded(main))) return false;
  const hasAbsorbed = family.some((one) => one.kind === 'adjustment' && one.statusCode === 'ABSORBED');
  return hasAbsorbed && owedBeside(family, undefined, entitlementOf(family, main.latest)) !== 0n;
}

/** What is not sent, or is to be sent again, was reached by every change itself. */
const handedOver = (work: Work, adjustment: Declaration, main: Declaration): Declaration =>
  isSealed(main) || isEnded(main)
    ? work.set(main, {
        required: { ...adjustment.required, ...main.required },
        pendingHolds: [...main.pendingHolds, ...adjustment.pendingHolds],
      })
    : main;

function notIncluded(work: Work, d: Declaration, s: StimulusOf<'not-included'>): void {
  // A run also ends what it never asked for, or what was refused here: nothing to take back, but why is worth keeping.
  if (d.status !== 'RELEASING' || d.runId !== s.runId) {
    if (d.status !== 'FINANCIALLY_APPROVED' || d.statusCode === s.code) work.set(d, {});
    else leftOut(work, d, s.code, s.words);
    return;
  }
  const changed = d.latest.resultHash !== d.statedHash || d.pendingHolds.length > 0;
  const back = work.take(
    d,
    'not-include',
    { actor: 'payment-export', code: s.code, reason: s.words },
    { runId: null },
  );
  const told = changed
    ? work.note(back, 'need-resolution', { actor: 'system', code: 'STOPPED_IN_TIME', reason: STOPPED })
    : back;
  resume(work, told, 'not-included');
  const now = work.byId(d.declarationId)!;
  if (now.status !== 'FINANCIALLY_APPROVED' || !saysMoved(s.code)) return;
  // Nothing is owed any more: an adjustment ends, whatever else waits for a signature that says so.
  if (now.kind === 'adjustment' && s.owedPence === 0n && now.nettedPence === 0n) restate(work, now, 0n);
  // What is owed moved under it: it has to be signed again for that amount.
  else
    work.take(
      now,
      'recalculate',
      { actor: 'system', code: s.code, previousPence: now.pence },
      {
        pence: s.owedPence ?? now.pence,
        declarationVersion: work.context.versionAfter(now.declarationVersion),
        ...UNSIGNED,
        ...notLate(now),
      },
    );
}
