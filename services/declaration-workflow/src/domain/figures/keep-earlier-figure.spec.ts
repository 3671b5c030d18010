import { describe, expect, it } from '@jest/globals';
import {
  aChange,
  actionsOf,
  aDeclaration,
  aHold,
  approved,
  arrive,
  context,
  figures,
  ID,
  RUN,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import { isCurrent, type Declaration, type Figures } from '../core/declaration.js';
import type { Stimulus, StimulusOf } from '../core/stimulus.js';

const JOINED = aChange({ code: 'PCN_PRACTICE_JOINED' });
const PAGE = { 'page|X00001': 3 };
const BEFORE: Figures = figures({ memberships: { XP1: 1 }, inputs: PAGE });
const keep = (
  changes: Partial<StimulusOf<'keep-earlier-figure'>> = {},
): StimulusOf<'keep-earlier-figure'> => ({
  kind: 'keep-earlier-figure',
  declarationId: ID,
  personId: 'approver',
  forOrganisation: 'XQA',
  seenRevision: null,
  holdId: 'to be set',
  confirmed: true,
  reason: 'The practice joined on the last day.',
  earlier: BEFORE,
  memberships: [],
  ...changes,
});
const run = (d: Declaration, stimulus: Stimulus) => {
  const outcome = apply([d], stimulus, context());
  return { ...outcome, now: outcome.family.find((one) => one.declarationId === d.declarationId)! };
};
const before = (changes: Partial<Declaration> = {}): Declaration =>
  aDeclaration({ latest: BEFORE, ...changes });
const joinedTo = (d: Declaration, version = 2): Declaration =>
  run(d, { kind: 'membership', change: { ...JOINED, version } }).now;
const keptIn = (d: Declaration): Declaration => run(d, keep({ holdId: d.holds[0]!.holdId })).now;
const withVersion = (version: number, changes: Parameters<typeof arrive>[0] = {}, inputs = {}) =>
  arrive({ memberships: { XP1: version }, pence: 12_000n, inputs: { ...PAGE, ...inputs }, ...changes });
const leftOf = (d: Declaration, version: number): Declaration =>
  run(d, { kind: 'membership', change: aChange({ version }) }).now;

describe('keeping the earlier figure', () => {
  it('is signed for exactly this membership version, and nothing is awaited any more', () => {
    const held = joinedTo(approved({ latest: BEFORE }));
    expect(isCurrent(held)).toBe(false);
    const { now, steps } = run(held, keep({ holdId: held.holds[0]!.holdId }));
    expect(actionsOf(steps)).toEqual(['keep-figure']);
    expect(steps[0]).toMatchObject({
      emits: 'declaration.figure-kept.v1',
      why: { actor: 'commissioner', personId: 'approver', reason: 'The practice joined on the last day.' },
    });
    expect(now).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
      holds: [],
      required: {},
      override: { versions: { XP1: 2 }, kept: { revision: 1, pence: 10_060n }, instead: null },
    });
    expect(isCurrent(now)).toBe(true);
  });

  it('states it although figures with that version arrive, and nobody signs again', () => {
    const kept = keptIn(joinedTo(approved({ latest: BEFORE })));
    const { now, steps, newResult } = run(kept, withVersion(2));
    expect(actionsOf(steps)).toEqual(['refigure']);
    expect(now).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
      declarationVersion: 1,
      pence: 10_060n,
      statedRevision: 1,
      override: { instead: { pence: 12_000n, revision: 2 } },
    });
    // What it stands in place of is kept for people to see.
    expect(newResult).toMatchObject({ pence: 12_000n });
    expect(run(now, withVersion(2, { revision: 3 })).steps.map((step) => step.action)).toEqual(['refigure']);
  });

  it('brings it back where the other figure has reopened the declaration already', () => {
    const reopened = run(joinedTo(before({ status: 'AWAITING_COMMISSIONER_APPROVAL' })), withVersion(2)).now;
    expect(reopened).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: 12_000n });
    const { now, steps } = run(reopened, keep({ holdId: reopened.holds[0]!.holdId }));
    expect(actionsOf(steps)).toEqual(['keep-figure', 'recalculate']);
    expect(now).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      pence: 10_060n,
      statedRevision: 1,
      statusCode: 'EARLIER_FIGURE_KEPT',
      override: { instead: { pence: 12_000n } },
      holds: [],
    });
    expect(now.declarationVersion).toBe(reopened.declarationVersion + 1);
  });

  it.each([
    ['a later membership version', withVersion(3)],
    ['another result with the same version', withVersion(2, { revision: 3, pence: 13_000n })],
    ['a change of something else', withVersion(1)],
    ['the same version and an amended page', withVersion(2, {}, { 'page|X00001': 4 })],
    ['another PCN as well', withVersion(2, { memberships: { XP1: 2, XP2: 1 } })],
  ])('ends with %s: those figures count as always', (what, figuresThen) => {
    const first = keptIn(joinedTo(before({ status: 'AWAITING_COMMISSIONER_APPROVAL' })));
    const kept = what.startsWith('another result') ? run(first, withVersion(2)).now : first;
    const { now, steps } = run(kept, { ...figuresThen, figures: { ...figuresThen.figures, revision: 4 } });
    expect(actionsOf(steps)).toEqual(['end-override', 'recalculate']);
    expect(now).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', override: null });
    expect(now.pence).toBe(figuresThen.figures.pence);
  });

  it('requires its version again when it ended with figures that do not have it', () => {
    const kept = keptIn(joinedTo(before()));
    expect(run(kept, withVersion(1)).now.required).toEqual({ XP1: 2 });
  });

  it('stands when figures bring its own result once more', () => {
    const kept = keptIn(joinedTo(before()));
    const { now, steps } = run(kept, withVersion(1, { pence: 10_060n }));
    expect(actionsOf(steps)).toEqual(['refigure']);
    expect(now.override).not.toBeNull();
  });

  it('is not held again by the event it was signed for, but by a later one', () => {
    const kept = keptIn(joinedTo(before()));
    expect(run(kept, { kind: 'membership', change: JOINED }).steps).toEqual([]);
    const later = joinedTo(kept, 3);
    expect(later.holds).toHaveLength(1);
    expect(later.required).toEqual({ XP1: 3 });
  });

  it('of two changes, one after the other, is signed for both', () => {
    const twice = joinedTo(joinedTo(before()), 3);
    const one = run(twice, keep({ holdId: twice.holds[0]!.holdId })).now;
    expect(one.required).toEqual({ XP1: 3 });
    const both = keptIn(one);
    expect(both).toMatchObject({ required: {}, override: { versions: { XP1: 3 }, kept: { revision: 1 } } });
    const first = run(both, withVersion(2)).now;
    const second = run(first, withVersion(3, { revision: 3, pence: 14_000n }));
    expect(second.now).toMatchObject({ pence: 10_060n, override: { instead: { pence: 14_000n } } });
  });

  it('is kept although an input moved with the same result before the practice joined', () => {
    // No result of its own was kept of those figures: their page is known all the same.
    const amended = run(before(), withVersion(1, { pence: 10_060n }, { 'page|X00001': 4 })).now;
    const page4 = withVersion(2, { revision: 3 }, { 'page|X00001': 4 });
    const kept = keptIn(joinedTo(amended));
    expect(actionsOf(run(kept, page4).steps)).toEqual(['refigure']);
    const page5 = withVersion(2, { revision: 3 }, { 'page|X00001': 5 });
    expect(actionsOf(run(kept, page5).steps)).toEqual(['end-override', 'recalculate']);
    const there = run(joinedTo(amended), page4).now;
    expect(keptIn(there)).toMatchObject({
      pence: 10_060n,
      override: { kept: { revision: 2 }, instead: { pence: 12_000n } },
    });
  });

  const joinedThenLeft = run(leftOf(joinedTo(before()), 3), withVersion(3)).now;
  const leftThenJoined = joinedTo(leftOf(before(), 2), 3);
  const LEFT_THEN_JOINED = {
    holdId: leftThenJoined.holds[1]!.holdId,
    memberships: [aChange(), { ...JOINED, version: 3 }],
  };
  const joinedTwice = run(joinedTo(joinedTo(before()), 3), withVersion(3)).now;
  const firstReleased = { ...joinedTwice, holds: joinedTwice.holds.slice(1) };
  const BOTH = [JOINED, { ...JOINED, version: 3 }];
  const pageToo = run(joinedTo(before()), withVersion(2, {}, { 'page|X00001': 4 })).now;
  it.each([
    [
      'joined and then left, figures of both there',
      joinedThenLeft,
      { holdId: joinedThenLeft.holds[0]!.holdId },
    ],
    ['left and then joined, figures still to come', leftThenJoined, LEFT_THEN_JOINED],
    [
      'left and then joined, figures of both there',
      run(leftThenJoined, withVersion(3)).now,
      LEFT_THEN_JOINED,
    ],
    [
      'joined twice, for the first one alone',
      joinedTwice,
      { holdId: joinedTwice.holds[0]!.holdId, memberships: BOTH },
    ],
    [
      'joined twice, where the first one was released',
      firstReleased,
      { holdId: firstReleased.holds[0]!.holdId, memberships: BOTH },
    ],
    ['a page was amended as well', pageToo, { holdId: pageToo.holds[0]!.holdId }],
  ])('is refused where it would set aside what nobody signed for: %s', (_, d, changes) => {
    expect(run(d, keep(changes))).toMatchObject({ refusal: 'KEEP_COVERS_MORE', steps: [] });
  });

  it('of two practices that joined, figures of both there, is signed for the last one and then for the first', () => {
    const last = run(joinedTwice, keep({ holdId: joinedTwice.holds[1]!.holdId, memberships: BOTH })).now;
    expect(last).toMatchObject({ pence: 10_060n, override: { versions: { XP1: 3 } } });
    expect(last.holds).toHaveLength(1);
    const { now, refusal } = run(last, keep({ holdId: last.holds[0]!.holdId, memberships: BOTH }));
    expect(refusal).toBeNull();
    expect(now).toMatchObject({ pence: 10_060n, holds: [], override: { instead: { pence: 12_000n } } });
    expect(now.declarationVersion).toBe(last.declarationVersion);
  });

  it('owes nothing more after it was sent', () => {
    const kept = keptIn(joinedTo(approved({ latest: BEFORE })));
    const releasing = { ...kept, status: 'RELEASING' as const, runId: RUN };
    const during = run(releasing, withVersion(2)).now;
    const { family, now } = run(during, {
      kind: 'sealed',
      declarationId: ID,
      declarationVersion: 1,
      attempt: 1,
      runId: RUN,
      paymentVersion: 2,
      pence: 10_060n,
      nettedPence: 0n,
      fileName: 'XPAY.csv',
    });
    expect(now.status).toBe('SENT_TO_AGENCY');
    expect(family).toHaveLength(1);
    expect(run(now, withVersion(2, { revision: 5 })).family).toHaveLength(1);
  });

  const joined = joinedTo(before());
  const holdId = joined.holds[0]!.holdId;
  const arrived = run(joinedTo(before()), withVersion(2)).now;
  const same = run(joinedTo(before()), withVersion(2, { pence: 10_060n })).now;
  it.each([
    ['a hold that is not there', before(), keep(), 'HOLD_UNKNOWN'],
    [
      'a hold of a leaving practice',
      before({ holds: [aHold()] }),
      keep({ holdId: aHold().holdId }),
      'HOLD_NOT_JOINED',
    ],
    [
      'a hold by hand',
      before({ holds: [aHold({ code: 'BY_HAND', pcnCode: null, membershipVersion: null })] }),
      keep({ holdId: aHold().holdId }),
      'HOLD_NOT_JOINED',
    ],
    ['no confirmation', joined, keep({ holdId, confirmed: false }), 'KEEP_CONFIRMATION_MISSING'],
    [
      'an adjustment',
      { ...joined, kind: 'adjustment' as const },
      keep({ holdId }),
      'KEEP_NOT_FOR_ADJUSTMENTS',
    ],
    [
      'no figure from before',
      { ...arrived, previous: null },
      keep({ holdId: arrived.holds[0]!.holdId, earlier: null }),
      'EARLIER_FIGURE_MISSING',
    ],
    [
      'nothing to pay before',
      { ...arrived, previous: figures({ pence: 0n, notApplicable: 'PAGE_MISSING' }) },
      keep({ holdId: arrived.holds[0]!.holdId }),
      'EARLIER_FIGURE_MISSING',
    ],
    ['the same result', same, keep({ holdId: same.holds[0]!.holdId }), 'NOTHING_TO_KEEP'],
  ])('is refused: %s', (_, d, stimulus, refusal) => {
    expect(run(d, stimulus)).toMatchObject({ refusal, steps: [] });
  });
});
