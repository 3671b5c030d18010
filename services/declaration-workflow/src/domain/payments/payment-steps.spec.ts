import { describe, expect, it } from '@jest/globals';
import {
  actionsOf,
  aChange,
  aDeclaration,
  aHold,
  approved,
  arrive,
  context,
  figures,
  ID,
  NOW,
  paid,
  releasing,
  RUN,
  sent,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';

type Payment = StimulusOf<
  'release-requested' | 'sealed' | 'netted' | 'not-included' | 'acknowledged' | 'rejected' | 'returned'
>;
type Changes = { [name: string]: unknown };

const line = { declarationId: ID, declarationVersion: 1, attempt: 1, runId: RUN, paymentVersion: 9 };
const request = (changes: Changes = {}) =>
  ({
    kind: 'release-requested',
    answered: true,
    ...line,
    barrierPassed: true,
    parked: false,
    frozen: false,
    ...changes,
  }) as Payment;
const sealed = (changes: Changes = {}) =>
  ({ kind: 'sealed', ...line, pence: 10_060n, nettedPence: 0n, fileName: 'a.csv', ...changes }) as Payment;
const notIncluded = (changes: Changes = {}) =>
  ({
    kind: 'not-included',
    ...line,
    code: 'RUN_ABORTED',
    words: 'aborted',
    owedPence: null,
    ...changes,
  }) as Payment;
const acknowledged = (changes: Changes = {}) => ({ kind: 'acknowledged', ...line, ...changes }) as Payment;
const rejected = (changes: Changes = {}) =>
  ({ kind: 'rejected', ...line, reasonCode: 'AC01', reason: 'account closed', ...changes }) as Payment;

const returned = (changes: Changes = {}) =>
  ({
    kind: 'returned',
    ...line,
    reasonCode: 'ARUCS-B',
    reason: 'account closed',
    returnedOn: '2026-09-23',
    ...changes,
  }) as Payment;

const apply1 = (d: Declaration | readonly Declaration[], s: Parameters<typeof apply>[1]) =>
  apply(Array.isArray(d) ? (d as Declaration[]) : [d as Declaration], s, context());

describe('confirm', () => {
  it('moves what is approved, current and unheld to its run', () => {
    const { family, steps } = apply1(approved(), request());
    expect(actionsOf(steps)).toEqual(['confirm']);
    expect(family[0]).toMatchObject({ status: 'RELEASING', runId: RUN });
  });

  const refusals: [string, Declaration, Changes, string][] = [
    ['another version', approved(), { declarationVersion: 2 }, 'VERSION_SUPERSEDED'],
    ['another attempt', approved(), { attempt: 2 }, 'ATTEMPT_SUPERSEDED'],
    ['another status', aDeclaration({ status: 'AWAITING_FINANCE_APPROVAL' }), {}, 'NOT_APPROVED'],
    ['a second run', releasing(), { runId: '01990000-0000-7000-8000-0000000000ff' }, 'ALREADY_RELEASING'],
    ['a hold', approved({ holds: [aHold()] }), {}, 'ON_HOLD'],
    [
      'a missing membership version',
      approved({ required: { XP1: 2 } }),
      {},
      'ACHIEVEMENT_AWAITING_AGGREGATION',
    ],
    [
      'an awaiting marker',
      approved({ awaiting: { until: 2, since: NOW, code: null } }),
      {},
      'ACHIEVEMENT_AWAITING_AGGREGATION',
    ],
    [
      'a blocked input',
      approved({ blocked: { until: 2, since: NOW, code: 'X' } }),
      {},
      'UPSTREAM_EVENT_PARKED',
    ],
    ['a parked event', approved(), { parked: true }, 'UPSTREAM_EVENT_PARKED'],
    ['its period is frozen', approved(), { frozen: true }, 'PERIOD_FROZEN'],
    ['a barrier that was not passed here', approved(), { barrierPassed: false }, 'BARRIER_NOT_PASSED'],
    [
      'a late declaration before the cut-off of its run',
      approved({ late: true, payableFrom: new Date(NOW.getTime() + 1) }),
      {},
      'LATE_FOR_THIS_CUT_OFF',
    ],
  ];
  it.each(refusals)('is refused for %s, and the answer names the run that asked', (_, d, changes, code) => {
    const { family, steps } = apply1(d, request(changes));
    expect(actionsOf(steps)).toEqual(['refuse-confirm']);
    expect(steps[0]!.why.code).toBe(code);
    expect(steps[0]!.after.runId).toBe(changes['runId'] ?? RUN);
    expect(family[0]).toMatchObject({ status: d.status, runId: d.runId, revision: d.revision + 1 });
  });

  it('takes a late declaration when the cut-off of its own run has come', () => {
    const late = approved({ late: true, payableFrom: NOW });
    expect(apply1(late, request()).family[0]).toMatchObject({ status: 'RELEASING' });
  });

  it('asked twice with the same event is answered once', () => {
    const { family } = apply1(approved(), request());
    expect(apply1(family, request()).steps).toEqual([]);
  });
});

describe('the end of a run', () => {
  it('seals, and the agency pays', () => {
    const { family } = apply1(releasing(), sealed());
    expect(family[0]).toMatchObject({ status: 'SENT_TO_AGENCY', sealedPence: 10_060n });
    const { family: then } = apply1(family, acknowledged({ paymentVersion: 10 }));
    expect(then[0]).toMatchObject({ status: 'PAID', sealedPence: 10_060n });
  });

  it('brings back what was not included', () => {
    const { family, steps } = apply1(releasing(), notIncluded());
    expect(actionsOf(steps)).toEqual(['not-include']);
    expect(family[0]).toMatchObject({ status: 'FINANCIALLY_APPROVED', runId: null, declarationVersion: 1 });
  });

  it('that never asked for it moves nothing and says why it was left out', () => {
    const { steps, family } = apply1(approved(), notIncluded({ code: 'PAYEE_MISSING', words: 'No payee.' }));
    expect(actionsOf(steps)).toEqual(['record-change']);
    expect(family[0]).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
      statusCode: 'PAYEE_MISSING',
      statusReason: 'No payee.',
    });
    const again = apply1(
      family,
      notIncluded({ code: 'PAYEE_MISSING', words: 'No payee.', paymentVersion: 9 }),
    );
    expect(again.steps).toEqual([]);
  });

  it('opens an adjustment when the result changed on the way and the line was sealed', () => {
    const changed = apply1(releasing(), arrive({ pence: 9_000n })).family;
    const { family, steps } = apply1(changed, sealed());
    expect(actionsOf(steps)).toEqual(['seal', 'need-resolution', 'open']);
    expect(steps[1]!.why.code).toBe('NOT_STOPPED_IN_TIME');
    expect(family[1]).toMatchObject({ kind: 'adjustment', pence: -1_060n });
  });

  it('reopens it when the result changed on the way and it was not included', () => {
    const changed = apply1(releasing(), arrive({ pence: 9_000n })).family;
    const { family, steps } = apply1(changed, notIncluded());
    expect(actionsOf(steps)).toEqual(['not-include', 'need-resolution', 'recalculate']);
    expect(steps[1]!.why.code).toBe('STOPPED_IN_TIME');
    expect(family).toHaveLength(1);
    expect(family[0]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: 9_000n });
  });

  it('holds it when a membership changed on the way and it was not included', () => {
    const changed = apply1(releasing(), { kind: 'membership', change: aChange() }).family;
    const { family, steps } = apply1(changed, notIncluded());
    expect(actionsOf(steps)).toEqual(['not-include', 'need-resolution', 'hold']);
    expect(family[0]).toMatchObject({ status: 'FINANCIALLY_APPROVED', pendingHolds: [] });
    expect(family[0]!.holds).toHaveLength(1);
  });

  it('does not hold what was figured anew with the change in the meantime', () => {
    const changed = apply1(releasing(), { kind: 'membership', change: aChange() }).family;
    const figured = apply1(changed, arrive({ memberships: { XP1: 2 } })).family;
    expect(actionsOf(apply1(figured, notIncluded()).steps)).not.toContain('hold');
  });

  it('leaves no hold waiting where the figures with the change are the ones that were sealed', () => {
    const held = apply1(releasing(), { kind: 'membership', change: aChange() }).family;
    const same = figures({ revision: 2, memberships: { XP1: 9 } });
    const current = apply1(held, arrive({ ...same })).family;
    expect(current[0]!.pendingHolds).toHaveLength(1);
    expect(apply1(current, sealed()).family).toEqual([
      expect.objectContaining({ status: 'SENT_TO_AGENCY', pendingHolds: [] }),
    ]);
  });

  it('tells of a membership that changed on the way and waits for its figures when it was sealed', () => {
    const changed = apply1(releasing(), { kind: 'membership', change: aChange() }).family;
    const sealedNow = apply1(changed, sealed());
    expect(actionsOf(sealedNow.steps)).toEqual(['seal', 'need-resolution']);
    const { family, steps } = apply1(sealedNow.family, arrive({ pence: 8_000n, memberships: { XP1: 2 } }));
    expect(actionsOf(steps)).toEqual(['record-change', 'open']);
    expect(family[1]).toMatchObject({ kind: 'adjustment', pence: -2_060n, holds: [] });
  });

  it('asks for new signatures when what is owed moved', () => {
    const { family, steps } = apply1(releasing(), notIncluded({ code: 'AMOUNT_MOVED', owedPence: 4_000n }));
    expect(actionsOf(steps)).toEqual(['not-include', 'recalculate']);
    expect(family[0]).toMatchObject({ pence: 4_000n, declarationVersion: 2, financeSignedBy: null });
  });
});

describe('a rejected line', () => {
  it('goes back for correction, with its reason', () => {
    const { family } = apply1(sent(), rejected());
    expect(family[0]).toMatchObject({
      status: 'REJECTED_BY_AGENCY',
      statusCode: 'AC01',
      statusReason: 'account closed',
      sealedPence: null,
    });
  });

  const correct = (changes: Changes = {}) =>
    ({
      kind: 'correct',
      declarationId: ID,
      personId: 'second',
      forOrganisation: 'XQA',
      seenRevision: null,
      attempt: 1,
      proposedBy: 'approver',
      reason: 'new account',
      ...changes,
    }) as StimulusOf<'correct'>;

  it('is paid by the next attempt once two people corrected it', () => {
    const back = apply1(sent(), rejected()).family;
    expect(apply1(back, correct({ personId: 'approver' })).refusal).toBe('SAME_PERSON');
    expect(apply1(back, correct({ attempt: 2 })).refusal).toBe('CORRECTION_SUPERSEDED');
    expect(apply1(back, correct()).family[0]).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
      attempt: 2,
      runId: null,
    });
  });

  it('stands reopened after the correction when its result has changed since', () => {
    const back = apply1(sent(), rejected()).family;
    const changed = apply1(back, arrive({ pence: 1n })).family;
    expect(actionsOf(apply1(changed, correct()).steps)).toEqual(['correct', 'recalculate']);
  });

  it('of which people were told is told of anew when its next attempt is sent over another change', () => {
    const joined = (version: number) =>
      ({ kind: 'membership', change: aChange({ version, code: 'PCN_PRACTICE_JOINED' }) }) as const;
    const told = apply1(sent(), joined(2));
    expect(actionsOf(told.steps)).toEqual(['need-resolution']);
    const back = apply1(told.family, rejected()).family;
    const figured = apply1(back, arrive({ memberships: { XP1: 2 } })).family;
    const again = { attempt: 2, paymentVersion: 10 };
    const next = [correct(), request(again), sealed({ ...again, paymentVersion: 11 })].reduce(
      (family, s) => apply1(family, s).family,
      figured,
    );
    expect(next[0]).toMatchObject({ status: 'SENT_TO_AGENCY', attempt: 2 });
    const { steps } = apply1(next, joined(3));
    expect(steps.map((step) => [step.action, step.why.code])).toEqual([
      ['need-resolution', 'NOT_STOPPED_IN_TIME'],
    ]);
  });

  it('is absorbed by the adjustment that is open, which then owes everything', () => {
    const withAdjustment = apply1(sent(), arrive({ pence: 12_060n })).family;
    expect(withAdjustment[1]).toMatchObject({ pence: 2_000n });
    const { family, steps } = apply1(withAdjustment, rejected());
    expect(actionsOf(steps)).toEqual(['reject', 'absorb', 'refigure', 'recalculate']);
    expect(family[0]).toMatchObject({ status: 'LAPSED', statusCode: 'ABSORBED' });
    expect(family[1]).toMatchObject({ pence: 12_060n, status: 'AWAITING_PROVIDER_APPROVAL' });
  });
});

describe('a payment fact that cannot be', () => {
  it.each([
    ['sealed, never confirmed', approved(), sealed()],
    ['sealed by another run', releasing(), sealed({ runId: '01990000-0000-7000-8000-0000000000ff' })],
    ['sealed at another attempt', releasing(), sealed({ attempt: 2 })],
    ['paid, never sealed', releasing(), acknowledged()],
    ['rejected after it was paid', paid(), rejected()],
    ['returned, never paid', sent(), returned()],
    [
      'returned twice',
      { ...paid(), ...apply1(paid(), returned()).family[0]! },
      returned({ paymentVersion: 10 }),
    ],
    ['returned, settled without a line', paid({ sealedPence: 0n, nettedPence: 10_060n }), returned()],
    ['returned at another attempt', paid(), returned({ attempt: 2 })],
  ])('%s is kept for somebody to look at', (_, d, s) => {
    expect(() => apply1(d, s)).toThrow('PAYMENT_FACT_DOES_NOT_FIT');
  });

  it('that came before changes nothing', () => {
    expect(apply1(paid({ paymentVersion: 9 }), sealed()).steps).toEqual([]);
    expect(apply1(paid({ paymentVersion: 9, latest: figures() }), rejected()).steps).toEqual([]);
  });
});
