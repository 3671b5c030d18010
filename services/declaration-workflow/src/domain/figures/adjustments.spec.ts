import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
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
  paid,
  RUN,
  sent,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import { claimOf, owedBeside } from './owed.js';
import type { Stimulus, StimulusOf } from '../core/stimulus.js';
import type { Outcome } from '../core/work.js';

const ADJUSTMENT = '01990000-0000-7000-8000-0000000000ad';
const on = (family: Declaration | readonly Declaration[], s: Stimulus): Outcome =>
  apply(Array.isArray(family) ? (family as Declaration[]) : [family as Declaration], s, context());

/** £100.60 was paid and £80.00 is what it should have been: £20.60 are to be recovered. */
const latest = figures({ revision: 2, pence: 8_000n });
const main = (changes: Partial<Declaration> = {}): Declaration =>
  paid({ pence: 10_060n, sealedPence: 10_060n, statedHash: 'hash-10060', latest, ...changes });
const adjustment = (changes: Partial<Declaration> = {}): Declaration =>
  aDeclaration({ declarationId: ADJUSTMENT, kind: 'adjustment', pence: -2_060n, latest, ...changes });
const SIGNED = { declaredBy: 'a', commissionerSignedBy: 'b', financeSignedBy: 'c', declaredVersion: 1 };
const releasing = (changes: Partial<Declaration> = {}): Declaration =>
  adjustment({ status: 'RELEASING', runId: RUN, paymentVersion: 1, ...SIGNED, ...changes });

const line = { declarationId: ADJUSTMENT, declarationVersion: 1, attempt: 1, runId: RUN, paymentVersion: 9 };
const netted = (changes = {}): Stimulus => ({
  ...line,
  kind: 'netted',
  nettedPence: -2_060n,
  debtPence: 0n,
  ...changes,
});
const sealed = (changes = {}): Stimulus => ({
  ...line,
  kind: 'sealed',
  pence: 10_060n,
  nettedPence: 0n,
  fileName: 'a.csv',
  ...changes,
});
const stated = (family: readonly Declaration[]): bigint => family.reduce((sum, d) => sum + claimOf(d), 0n);

describe('an adjustment', () => {
  const window = {
    paymentPeriod: '2026-09',
    opensOn: parseLondonDate('2026-08-20'),
    providerDeadlineOn: null,
    latePeriod: '2026-09',
    latePayableFrom: new Date('2026-10-01T17:00:00Z'),
  };
  const declare: Stimulus = {
    kind: 'declare',
    declarationId: ADJUSTMENT,
    personId: 'declarer',
    forOrganisation: 'X00001',
    seenRevision: null,
    actor: 'provider',
    today: parseLondonDate('2027-01-01'),
    window,
    parked: false,
    frozen: false,
    lateReason: null,
    onBehalfReason: null,
  };

  it('is declared at any time, never late, and paid with the period that is next', () => {
    const { family, refusal } = on([main(), adjustment()], declare);
    expect(refusal).toBeNull();
    expect(family[1]).toMatchObject({
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      late: false,
      payableFrom: null,
      paymentPeriod: '2026-09',
    });
  });

  it('stays in that period when the calendar of its achievement changes', () => {
    const moved = { kind: 'readdress', address: { paymentPeriod: '2026-07' } } as const;
    expect(on([main(), adjustment({ paymentPeriod: '2026-09' })], moved).steps).toEqual([]);
  });

  it('is held by a membership change like any other', () => {
    const { family } = on([main(), adjustment()], { kind: 'membership', change: aChange() });
    expect(family[1]!.holds).toHaveLength(1);
    expect(on(family, declare).refusal).toBe('ON_HOLD');
  });

  it('reopens with another amount when figures change after it was approved', () => {
    const signed = adjustment({ status: 'FINANCIALLY_APPROVED', ...SIGNED });
    const { family, steps } = on([main(), signed], arrive({ revision: 3, pence: 9_000n }));
    expect(actionsOf(steps)).toEqual(['refigure', 'recalculate']);
    expect(family[1]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: -1_060n });
  });

  it('ends when the newest figures owe nothing any more', () => {
    const { family } = on([main(), adjustment()], arrive({ revision: 3, pence: 10_060n }));
    expect(family[1]).toMatchObject({ status: 'LAPSED', statusCode: 'NOTHING_OWED' });
  });

  it('on hold that ended because nothing was owed is on hold still when something is owed again', () => {
    const held = on([main(), adjustment()], { kind: 'membership', change: aChange() }).family;
    const made = { revision: 3, pence: 10_060n, memberships: { XP1: 2 } };
    const ended = on(held, arrive(made)).family;
    expect(ended[1]).toMatchObject({ status: 'LAPSED', holds: [], pendingHolds: held[1]!.holds });
    const { family } = on(ended, arrive({ ...made, revision: 4, pence: 9_000n }));
    expect(family[1]).toMatchObject({ status: 'LAPSED', pendingHolds: [] });
    expect(family[2]).toMatchObject({ kind: 'adjustment', pence: -1_060n, holds: held[1]!.holds });
  });

  it('beside a line that is tried again waits for the same figures, and goes on stating its amount', () => {
    const tried = main({ status: 'FINANCIALLY_APPROVED', attempt: 2, sealedPence: null, ...SIGNED });
    const beside = adjustment({ status: 'FINANCIALLY_APPROVED', ...SIGNED });
    const held = on([tried, beside], { kind: 'membership', change: aChange() }).family;
    const { family } = on(held, arrive({ revision: 3, pence: 7_000n, memberships: { XP1: 2 } }));
    expect(family[0]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: 9_060n });
    expect(family[1]).toMatchObject({ status: 'FINANCIALLY_APPROVED', pence: -2_060n, required: {} });
    expect(stated(family)).toBe(7_000n);
    const { refusal, family: released } = on(family, {
      kind: 'release-hold',
      declarationId: ADJUSTMENT,
      personId: 'approver',
      forOrganisation: 'XQA',
      seenRevision: null,
      holdId: family[1]!.holds[0]!.holdId,
      confirmed: true,
      reason: null,
    });
    expect(refusal).toBeNull();
    // Sent as it stands, it leaves nothing behind: the difference is the line's.
    const inRun = { ...released[1]!, status: 'RELEASING' as const, runId: RUN, paymentVersion: 1 };
    expect(actionsOf(on([released[0]!, inRun], netted()).steps)).toEqual(['net']);
  });

  it('is followed by another one for what changed while it was being sent', () => {
    const up = adjustment({ status: 'RELEASING', runId: RUN, paymentVersion: 1, ...SIGNED, pence: 2_000n });
    const raised = figures({ revision: 2, pence: 12_060n });
    const before = [main({ latest: raised }), { ...up, latest: raised, statedHash: raised.resultHash }];
    const changed = on(before, arrive({ revision: 3, pence: 13_000n })).family;
    const { family, steps } = on(changed, sealed({ pence: 2_000n }));
    expect(actionsOf(steps)).toEqual(['seal', 'need-resolution', 'open']);
    expect(steps[1]!.why.code).toBe('NOT_STOPPED_IN_TIME');
    expect(family[2]).toMatchObject({ kind: 'adjustment', pence: 940n });
    expect(stated(family)).toBe(13_000n);
  });

  it('that was not included reopens for what changed, and people are told that it was stopped', () => {
    const changed = on([main(), releasing()], arrive({ revision: 3, pence: 9_000n })).family;
    const { family, steps } = on(changed, {
      ...line,
      kind: 'not-included',
      code: 'RUN_ABORTED',
      words: 'aborted',
      owedPence: null,
    });
    expect(actionsOf(steps)).toEqual(['not-include', 'need-resolution', 'recalculate']);
    expect(steps[1]!.why.code).toBe('STOPPED_IN_TIME');
    expect(family[1]).toMatchObject({ pence: -1_060n });
  });

  it('of which nothing is owed any more ends when its run says so', () => {
    const { family } = on([main({ latest: figures() }), releasing()], {
      ...line,
      kind: 'not-included',
      code: 'NOTHING_OWED',
      words: 'nothing',
      owedPence: 0n,
    });
    expect(family[1]).toMatchObject({ status: 'LAPSED', statusCode: 'NOTHING_OWED', pence: 0n });
  });

  it('hands a membership change on to its achievement when it was sent over it', () => {
    const changed = on([main(), releasing()], { kind: 'membership', change: aChange() }).family;
    const { family, steps } = on(changed, netted());
    expect(actionsOf(steps)).toEqual(['net', 'need-resolution']);
    expect(family[0]).toMatchObject({ required: { XP1: 2 } });
    const then = on(
      family,
      arrive({ revision: 3, pence: 7_000n, resultHash: 'h3', memberships: { XP1: 2 } }),
    );
    expect(then.family[2]).toMatchObject({ kind: 'adjustment', pence: -1_000n, holds: [] });
  });
});

describe('a recovery', () => {
  it.each([
    ['was taken off payments', 0n, 'RECOVERED'],
    ['stays a debt', 1_500n, 'RECORDED_AS_DEBT'],
  ])('that %s ends, and its achievement owes nothing', (_, debtPence, code) => {
    const { family, steps } = on([main(), releasing()], netted({ debtPence }));
    expect(actionsOf(steps)).toEqual(['net']);
    expect(family[1]).toMatchObject({
      status: 'PAID',
      statusCode: code,
      sealedPence: 0n,
      nettedPence: -2_060n,
    });
    expect(stated(family)).toBe(8_000n);
    // The figures once more change nothing.
    expect(on(family, arrive({ revision: 3, pence: 8_000n })).family).toHaveLength(2);
  });

  it('taken off a line leaves no difference to that line', () => {
    const other = approved({ status: 'RELEASING', runId: RUN, paymentVersion: 1 });
    const taken = on(other, sealed({ declarationId: ID, pence: 8_000n, nettedPence: 2_060n }));
    expect(actionsOf(taken.steps)).toEqual(['seal']);
    expect(taken.family[0]).toMatchObject({ sealedPence: 8_000n, nettedPence: 2_060n });
  });

  it('that took a whole line ends it without one', () => {
    const other = approved({ status: 'RELEASING', runId: RUN, paymentVersion: 1 });
    const { family } = on(other, netted({ declarationId: ID, nettedPence: 10_060n }));
    expect(family[0]).toMatchObject({
      status: 'PAID',
      statusCode: 'TAKEN_BY_RECOVERIES',
      sealedPence: 0n,
      nettedPence: 10_060n,
    });
  });

  it.each([
    ['is a debt', 1_000n, 'RECORDED_AS_DEBT'],
    ['was taken off payments', 0n, 'RECOVERED'],
  ])(
    'that is the end of a line signed for less than recoveries took says so: it %s',
    (_, debtPence, code) => {
      const less = approved({
        status: 'RELEASING',
        runId: RUN,
        paymentVersion: 1,
        pence: 2_000n,
        nettedPence: 3_000n,
      });
      const { family, steps } = on(less, netted({ declarationId: ID, nettedPence: -1_000n, debtPence }));
      expect(family[0]).toMatchObject({ status: 'PAID', statusCode: code, nettedPence: 2_000n });
      expect(steps[0]!.why.code).toBe(code);
    },
  );

  it('is not undone when the line it was taken off is rejected: the next attempt pays the rest', () => {
    const line1 = { declarationId: ID, declarationVersion: 1, attempt: 1, runId: RUN, paymentVersion: 10 };
    const partly = sent({ sealedPence: 8_000n, nettedPence: 2_060n });
    const { family } = on(partly, {
      ...line1,
      kind: 'rejected',
      reasonCode: 'AC01',
      reason: 'account closed',
    });
    expect(family[0]).toMatchObject({ sealedPence: null, nettedPence: 2_060n, pence: 10_060n });
  });
});

describe('the sum of an achievement', () => {
  const correct: StimulusOf<'correct'> = {
    kind: 'correct',
    declarationId: ID,
    personId: 'second',
    forOrganisation: 'XQA',
    seenRevision: null,
    attempt: 1,
    proposedBy: 'first',
    reason: 'new account',
  };

  const sentLine = { status: 'SENT_TO_AGENCY', runId: RUN, paymentVersion: 1 } as const;
  const rejected: Stimulus = {
    ...line,
    kind: 'rejected',
    declarationId: ID,
    reasonCode: 'ACCOUNT_CLOSED',
    reason: 'account closed',
  };

  it('is not paid twice when a line is rejected after its adjustment was paid', () => {
    const raised = figures({ revision: 2, pence: 12_060n });
    const rejected = main({ status: 'REJECTED_BY_AGENCY', sealedPence: null, latest: raised });
    const extra = adjustment({
      status: 'PAID',
      pence: 2_000n,
      sealedPence: 2_000n,
      latest: raised,
      ...SIGNED,
    });
    const { family } = on([rejected, extra], correct);
    expect(family[0]).toMatchObject({ pence: 10_060n, status: 'AWAITING_PROVIDER_APPROVAL' });
    expect(stated(family)).toBe(12_060n);
  });

  it('gives back what was recovered when the line behind it was never paid', () => {
    const back = figures({ revision: 3, pence: 10_060n });
    const rejected = main({ status: 'REJECTED_BY_AGENCY', sealedPence: null, latest: back });
    const recovered = adjustment({
      status: 'PAID',
      sealedPence: 0n,
      nettedPence: -2_060n,
      latest: back,
      ...SIGNED,
    });
    const { family } = on([rejected, recovered], correct);
    expect(family[0]).toMatchObject({ pence: 12_120n });
    expect(stated(family)).toBe(10_060n);
  });

  it('is carried by an adjustment that was approved when the line is rejected', () => {
    const approvedRecovery = adjustment({ status: 'FINANCIALLY_APPROVED', ...SIGNED });
    const { family } = on([main({ ...sentLine }), approvedRecovery], rejected);
    expect(family[0]).toMatchObject({ status: 'LAPSED', statusCode: 'ABSORBED' });
    expect(family[1]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      pence: 8_000n,
      financeSignedBy: null,
    });
  });

  const withdraw = (declarationId = ID): Stimulus => ({
    kind: 'lapse',
    declarationId,
    personId: 'approver',
    forOrganisation: 'XQA',
    seenRevision: null,
    reason: 'the practice never did it',
  });
  const unpaid = main({ status: 'REJECTED_BY_AGENCY', sealedPence: null });

  it.each<[string, Partial<Declaration>, bigint]>([
    ['gives back a recovery', { status: 'PAID', sealedPence: 0n, nettedPence: -2_060n }, 2_060n],
    ['asks back an adjustment', { status: 'SENT_TO_AGENCY', pence: 500n, sealedPence: 500n }, -500n],
  ])('of a withdrawn achievement is nothing: it %s that was taken', (_, changes, pence) => {
    const { family } = on([unpaid, adjustment({ ...SIGNED, ...changes })], withdraw());
    expect(family[0]).toMatchObject({ status: 'LAPSED', statusCode: 'WITHDRAWN' });
    expect(family[2]).toMatchObject({ kind: 'adjustment', status: 'AWAITING_PROVIDER_APPROVAL', pence });
    expect(stated(family)).toBe(0n);
    // Whatever its figures become, it stays withdrawn, and what waits for them goes on.
    const later = on(family, arrive({ revision: 3, pence: 9_000n })).family;
    expect(stated(later)).toBe(0n);
    expect(later[2]!.latest.revision).toBe(3);
  });

  it('of a withdrawn achievement asks back what recoveries took off its rejected line', () => {
    const partly = main({ status: 'REJECTED_BY_AGENCY', sealedPence: null, nettedPence: 3_000n });
    const { family } = on(partly, withdraw());
    expect(family[1]).toMatchObject({ kind: 'adjustment', pence: -3_000n });
    expect(stated(family)).toBe(0n);
  });

  it('keeps an adjustment that recoveries took something off when nothing is owed: it is signed and taken back', () => {
    const raised = figures({ revision: 2, pence: 13_060n });
    const partly = adjustment({
      ...SIGNED,
      status: 'REJECTED_BY_AGENCY',
      pence: 3_000n,
      nettedPence: 1_000n,
      latest: raised,
    });
    const changed = on([main({ latest: raised }), partly], arrive({ revision: 3, pence: 10_060n })).family;
    const { family } = on(changed, { ...correct, declarationId: ADJUSTMENT });
    expect(family[1]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      pence: 0n,
      nettedPence: 1_000n,
    });
    expect(stated(family)).toBe(10_060n);
    const signed = { ...family[1]!, ...SIGNED, status: 'RELEASING' as const, runId: RUN };
    const fact = { attempt: 2, declarationVersion: signed.declarationVersion };
    const ended = on(
      [family[0]!, signed],
      netted({ ...fact, nettedPence: -1_000n, debtPence: 1_000n }),
    ).family;
    expect(ended[1]).toMatchObject({ status: 'PAID', nettedPence: 0n });
    expect(stated(ended)).toBe(10_060n);
  });

  it('keeps a line that recoveries took something off when nothing is to be paid for a while', () => {
    const partly = main({ status: 'REJECTED_BY_AGENCY', sealedPence: null, nettedPence: 3_000n });
    const nothing = { pence: 0n, resultHash: 'nothing', notApplicable: 'PAGE_MISSING' };
    const { family } = on(on(partly, arrive({ revision: 3, ...nothing })).family, correct);
    expect(family[0]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: 0n, nettedPence: 3_000n });
    // Its figures come back: the next attempt is of the same declaration, and its run pays what is left.
    const back = on(family, arrive({ revision: 4, pence: 10_060n })).family;
    expect(back.map(({ pence, nettedPence }) => [pence, nettedPence])).toEqual([[10_060n, 3_000n]]);
  });

  it('of a withdrawn achievement ends the adjustment that waits', () => {
    const open = main({ status: 'AWAITING_COMMISSIONER_APPROVAL', sealedPence: null });
    const { family } = on([open, adjustment()], withdraw());
    expect(family.map(({ status, statusCode }) => [status, statusCode])).toEqual([
      ['LAPSED', 'WITHDRAWN'],
      ['LAPSED', 'NOTHING_OWED'],
    ]);
  });

  it('of a withdrawn achievement is asked back also when its adjustment was just being sent', () => {
    const inRun = releasing({ pence: 500n, statedHash: latest.resultHash });
    const withdrawn = on([unpaid, inRun], withdraw()).family;
    const { family } = on(withdrawn, sealed({ pence: 500n }));
    expect(family[2]).toMatchObject({ kind: 'adjustment', pence: -500n });
    expect(stated(family)).toBe(0n);
  });

  it('leaves out a difference that its commissioner withdrew, until figures differ again', () => {
    const withdrawn = on([main(), adjustment()], withdraw(ADJUSTMENT)).family;
    const same = on(withdrawn, arrive({ revision: 3, pence: 8_000n })).family;
    expect(same).toHaveLength(2);
    expect(on(same, arrive({ revision: 4, pence: 7_500n })).family[2]).toMatchObject({ pence: -500n });
  });

  /** A recovery of £20.60 and an additional payment of £20.00, withdrawn one after the other. */
  const waived = (pence: bigint): readonly Declaration[] =>
    on(
      [main({ latest: figures({ revision: 2, pence }) }), adjustment({ pence: pence - 10_060n })],
      withdraw(ADJUSTMENT),
    ).family;
  it.each<[string, bigint, bigint, bigint | null]>([
    ['recovery is not paid out when figures are again what was paid', 8_000n, 10_060n, null],
    ['recovery takes nothing from what is to be paid additionally', 8_000n, 12_060n, 2_000n],
    ['recovery counts when its figures come again', 8_000n, 8_500n, null],
    ['payment is not recovered when figures are again what was paid', 12_060n, 10_060n, null],
    ['payment takes nothing from what is to be recovered', 12_060n, 8_000n, -2_060n],
    ['payment counts as far as figures go again', 12_060n, 13_060n, 1_000n],
  ])('a withdrawn %s', (_, withdrawnAt, pence, owed) => {
    const { family } = on(waived(withdrawnAt), arrive({ revision: 3, pence }));
    expect(family[2]?.pence ?? null).toBe(owed);
  });

  it('counts withdrawals in both directions each by itself', () => {
    const raised = on(waived(8_000n), arrive({ revision: 3, pence: 12_060n })).family;
    const both = on(raised, withdraw(raised[2]!.declarationId)).family;
    expect(on(both, arrive({ revision: 4, pence: 12_060n, resultHash: 'other' })).family).toHaveLength(3);
    expect(on(both, arrive({ revision: 4, pence: 8_000n })).family).toHaveLength(3);
    expect(on(both, arrive({ revision: 4, pence: 7_960n })).family[3]).toMatchObject({ pence: -40n });
  });

  it('of a rejected line whose recovery was withdrawn is what its figures say', () => {
    const given = on([main({ ...sentLine }), adjustment()], withdraw(ADJUSTMENT)).family;
    const tried = on(on(given, rejected).family, correct).family;
    expect(tried[0]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: 8_000n });
  });

  it('of a rejected line that is withdrawn after its adjustment was: nothing was paid, so nothing comes back', () => {
    const given = on([main({ ...sentLine }), adjustment({ pence: 2_000n })], withdraw(ADJUSTMENT)).family;
    const ended = on(on(given, rejected).family, withdraw()).family;
    expect(ended.map(({ status }) => status)).toEqual(['LAPSED', 'LAPSED']);
    expect(stated(ended)).toBe(0n);
  });

  it.each([
    ['nothing beside it', [], 8_000n],
    ['a sealed line', [main()], -2_060n],
    ['a line that recoveries took', [main({ sealedPence: 0n, nettedPence: 10_060n })], -2_060n],
    ['a rejected line that was given up', [main({ status: 'LAPSED', sealedPence: null })], 8_000n],
    ['a rejected line that is tried again', [main({ status: 'REJECTED_BY_AGENCY' })], -2_060n],
    ['what was settled outside', [main(), adjustment({ status: 'SETTLED_OUTSIDE' })], 0n],
    ['an adjustment that waits', [main(), adjustment()], 0n],
  ] as const)('leaves what is owed beside %s', (_, family, owed) => {
    expect(owedBeside(family, undefined, 8_000n)).toBe(owed);
  });
});

describe('settling outside', () => {
  const settle = (changes: Partial<StimulusOf<'settle-outside'>> = {}): Stimulus => ({
    kind: 'settle-outside',
    declarationId: ADJUSTMENT,
    personId: 'second',
    forOrganisation: 'XQA',
    seenRevision: null,
    declarationVersion: 1,
    proposedBy: 'first',
    note: 'paid by cheque',
    parked: false,
    frozen: false,
    ...changes,
  });

  it.each([
    'AWAITING_PROVIDER_APPROVAL',
    'AWAITING_COMMISSIONER_APPROVAL',
    'AWAITING_FINANCE_APPROVAL',
  ] as const)('ends an adjustment that is %s', (status) => {
    const { family, steps } = on([main(), adjustment({ status })], settle());
    expect(actionsOf(steps)).toEqual(['settle-outside']);
    expect(family[1]).toMatchObject({ status: 'SETTLED_OUTSIDE', statusReason: 'paid by cheque' });
    expect(stated(family)).toBe(8_000n);
  });

  it('leaves only the rest to the adjustment after it', () => {
    const settled = on([main(), adjustment()], settle()).family;
    const { family } = on(settled, arrive({ revision: 3, pence: 8_500n }));
    expect(family[2]).toMatchObject({ kind: 'adjustment', pence: 500n });
  });

  const refusals: [string, Declaration, Partial<StimulusOf<'settle-outside'>>, string][] = [
    ['the person who proposed it', adjustment(), { personId: 'first' }, 'SAME_PERSON'],
    ['another version', adjustment(), { declarationVersion: 2 }, 'SETTLEMENT_SUPERSEDED'],
    ['an approved one', adjustment({ status: 'FINANCIALLY_APPROVED', ...SIGNED }), {}, 'ILLEGAL_TRANSITION'],
    ['one that was settled', adjustment({ status: 'SETTLED_OUTSIDE' }), {}, 'ILLEGAL_TRANSITION'],
    ['a held one', adjustment({ holds: [aHold()] }), {}, 'ON_HOLD'],
    [
      'one that is being added up',
      adjustment({ required: { XP1: 2 } }),
      {},
      'ACHIEVEMENT_AWAITING_AGGREGATION',
    ],
    ['one with a parked input', adjustment(), { parked: true }, 'UPSTREAM_EVENT_PARKED'],
    ['one whose period is frozen', adjustment(), { frozen: true }, 'PERIOD_FROZEN'],
    ['an achievement', aDeclaration({ declarationId: ADJUSTMENT }), {}, 'ONLY_ADJUSTMENTS_SETTLE_OUTSIDE'],
  ];
  it.each(refusals)('is refused for %s', (_, d, changes, code) => {
    const { refusal, steps } = on(d, settle(changes));
    expect(refusal).toBe(code);
    expect(steps).toEqual([]);
  });
});
