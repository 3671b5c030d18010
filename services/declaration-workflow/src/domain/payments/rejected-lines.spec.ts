import { describe, expect, it } from '@jest/globals';
import {
  actionsOf,
  aChange,
  approved,
  arrive,
  context,
  ID,
  NOW,
  paid,
  releasing,
  RUN,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import { claimOf } from '../figures/owed.js';
import type { Stimulus, StimulusOf } from '../core/stimulus.js';

const OTHER = '01990000-0000-7000-8000-0000000000a2';
const THIRD = '01990000-0000-7000-8000-0000000000a3';

/** The credit of a line came back. */
const returned = (declarationId = ID, changes: object = {}): Stimulus => ({
  kind: 'returned',
  declarationId,
  declarationVersion: 1,
  attempt: 1,
  runId: RUN,
  paymentVersion: 9,
  reasonCode: 'ARUCS-B',
  reason: 'account closed',
  returnedOn: '2026-09-23' as StimulusOf<'returned'>['returnedOn'],
  ...changes,
});
const sealed = (declarationId: string, pence: bigint): Stimulus => ({
  ...{ kind: 'sealed', declarationId, declarationVersion: 1, attempt: 1, runId: RUN, paymentVersion: 9 },
  ...{ pence, nettedPence: 0n, fileName: 'a.csv' },
});
const notIncluded = (declarationId: string): Stimulus => ({
  ...{
    kind: 'not-included',
    declarationId,
    declarationVersion: 1,
    attempt: 1,
    runId: RUN,
    paymentVersion: 9,
  },
  ...{ code: 'RUN_ABORTED', words: 'aborted', owedPence: null },
});
const correct = (declarationId: string): Stimulus => ({
  ...{ kind: 'correct', declarationId, personId: 'second', forOrganisation: 'XQA', seenRevision: null },
  ...{ attempt: 1, proposedBy: 'approver', reason: 'new account' },
});

const then = (family: readonly Declaration[], ...stimuli: readonly Stimulus[]): readonly Declaration[] =>
  stimuli.reduce((now, s) => apply(now as Declaration[], s, context()).family, family);
const one = (family: readonly Declaration[], id: string) => family.find((d) => d.declarationId === id)!;
/** What all of an achievement stand for comes to its newest figure, so that no penny is paid twice or lost. */
const stated = (family: readonly Declaration[]): bigint => family.reduce((sum, d) => sum + claimOf(d), 0n);
const adjustment = (d: Declaration, declarationId: string): Declaration => ({
  ...d,
  kind: 'adjustment',
  declarationId,
});
const FIGURED = { latest: { ...paid().latest, revision: 2, pence: 12_060n, resultHash: 'other' } };
const main = (changes: Partial<Declaration> = {}): Declaration => paid({ ...FIGURED, ...changes });
const paidAdjustment = adjustment(
  paid({ ...FIGURED, statedHash: 'other', statedRevision: 2, pence: 2_000n, sealedPence: 2_000n }),
  OTHER,
);

describe('a credit that came back', () => {
  it('is owed again: it waits for its correction, with its reason and day', () => {
    const { family, steps } = apply([paid()], returned(), context());
    expect(actionsOf(steps)).toEqual(['return']);
    expect(steps[0]).toMatchObject({ emits: 'declaration.returned.v1', from: 'PAID' });
    expect(family[0]).toMatchObject({
      status: 'REJECTED_BY_AGENCY',
      statusCode: 'ARUCS-B',
      statusReason: 'account closed (returned on 2026-09-23)',
      sealedPence: null,
    });
    expect(then(family, correct(ID))[0]).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
      attempt: 2,
      runId: null,
      pence: 10_060n,
    });
  });

  it('told again changes nothing', () => {
    const family = then([paid()], returned());
    expect(apply(family as Declaration[], returned(), context()).steps).toEqual([]);
  });

  it('is absorbed by the adjustment that is open, which then owes everything', () => {
    const family = then([paid()], arrive({ pence: 12_060n }));
    const { family: now, steps } = apply(family as Declaration[], returned(), context());
    expect(actionsOf(steps)).toEqual(['return', 'absorb', 'refigure', 'recalculate']);
    expect(now[0]).toMatchObject({ status: 'LAPSED', statusCode: 'ABSORBED' });
    expect(now[1]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: 12_060n });
  });

  it('makes a recovery that is not taken yet a payment of what is left, or ends it', () => {
    const less = then([paid()], arrive({ pence: 4_000n }), returned());
    expect(less[1]).toMatchObject({ kind: 'adjustment', pence: 4_000n });
    const nothing = then([paid()], arrive({ pence: 0n, notApplicable: 'NO_PARTICIPATION' }), returned());
    expect(nothing.map(({ status }) => status)).toEqual(['LAPSED', 'LAPSED']);
  });

  it('beside an adjustment that is being sent waits for its own correction', () => {
    const sending = adjustment(releasing({ ...FIGURED, statedHash: 'other', pence: 2_000n }), OTHER);
    const family = then([main(), sending], returned());
    expect(family.map(({ status }) => status)).toEqual(['REJECTED_BY_AGENCY', 'RELEASING']);
    const after = then(family, sealed(OTHER, 2_000n), correct(ID));
    expect(after).toHaveLength(2);
    expect([stated(after), one(after, ID).attempt]).toEqual([12_060n, 2]);
  });

  it.each(['AWAITING', 'BLOCKED'])('is not paid again over an input that is %s since it was paid', (code) => {
    const marker = { until: 5, since: NOW, code: code === 'BLOCKED' ? 'PAGE_PARKED' : null };
    const { family, steps } = apply([paid()], { kind: 'marker', marker }, context());
    expect(steps).toEqual([]);
    const back = then(family, returned(), correct(ID));
    expect(code === 'BLOCKED' ? back[0]!.blocked : back[0]!.awaiting).toMatchObject({ until: 5 });
  });

  it('is held at its next attempt for a membership that changed since it was paid', () => {
    const changed: Stimulus = { kind: 'membership', change: aChange() };
    const back = then([paid()], changed, returned(), correct(ID));
    expect(back[0]).toMatchObject({ status: 'FINANCIALLY_APPROVED', required: { XP1: 2 } });
    expect(back[0]!.holds).toHaveLength(1);
  });
});

describe('a line that is to be sent again', () => {
  const sending = asReleasing(
    adjustment({ ...approved(), ...FIGURED, statedHash: 'other', pence: 2_000n }, OTHER),
  );
  const line = main({ pence: 10_060n, statedHash: 'hash-10060' });
  const change: Stimulus = { kind: 'membership', change: aChange({ version: 3 }) };
  const byHand: Stimulus = {
    ...{ kind: 'hold-by-hand', declarationId: ID, personId: 'approver', forOrganisation: 'XQA' },
    ...{ seenRevision: null, holdId: THIRD, reason: 'It looks wrong.', expiresOn: null },
    today: '2026-08-20' as StimulusOf<'hold-by-hand'>['today'],
  };

  it('waits once for a change that reached the adjustment beside it, too, before that was sent', () => {
    const family = then([line, sending], returned(), change, sealed(OTHER, 2_000n));
    expect(one(family, ID)).toMatchObject({ status: 'REJECTED_BY_AGENCY', required: { XP1: 3 } });
    expect(one(family, ID).pendingHolds).toHaveLength(1);
  });

  it('waits for a change that came while it was paid, which reached the adjustment beside it alone', () => {
    for (const later of [sealed(OTHER, 2_000n), notIncluded(OTHER)]) {
      const family = then([line, sending], change, returned(), later, correct(ID));
      expect(one(family, ID)).toMatchObject({ required: { XP1: 3 } });
      expect(one(family, ID).holds).toHaveLength(1);
      expect(stated(family)).toBe(12_060n);
    }
  });

  it('stays held by hand when newer figures of the same amount are settled beside it', () => {
    const same = arrive({ revision: 3, pence: 12_060n, resultHash: 'third' });
    const family = then([line, sending], same, returned(), byHand, sealed(OTHER, 2_000n));
    expect(one(family, ID).pendingHolds.map(({ code }) => code)).toEqual(['BY_HAND']);
  });

  it('keeps what holds it when another adjustment is opened beside it', () => {
    const more = arrive({ revision: 3, pence: 12_560n, resultHash: 'third' });
    const family = then([line, sending], returned(), byHand, more, change, sealed(OTHER, 2_000n));
    expect(family).toHaveLength(3);
    expect(family[2]!.holds.map(({ code }) => code)).toEqual(['PCN_PRACTICE_LEFT']);
    expect(one(family, ID).pendingHolds.map(({ code }) => code)).toEqual(['BY_HAND', 'PCN_PRACTICE_LEFT']);
    expect(stated(family)).toBe(12_560n);
  });
});

describe("the credit of an adjustment's line that came back", () => {
  it('is owed by it again', () => {
    const family = then([main(), paidAdjustment], returned(OTHER), correct(OTHER));
    expect(one(family, OTHER)).toMatchObject({ status: 'FINANCIALLY_APPROVED', attempt: 2, pence: 2_000n });
    expect(stated(family)).toBe(12_060n);
  });

  it('takes over what its achievement waits for, as every open adjustment does', () => {
    const family = then(
      [main(), paidAdjustment],
      { kind: 'membership', change: aChange({ version: 3 }) },
      returned(OTHER),
      correct(OTHER),
    );
    expect(one(family, OTHER)).toMatchObject({ required: { XP1: 3 } });
    expect(one(family, OTHER).holds).toHaveLength(1);
    expect(one(family, ID).pendingHolds).toEqual([]);
  });

  it('is owed by it whole, whatever figures came and were settled beside it since it was paid', () => {
    const [first, second, third] = then(
      [main(), paidAdjustment],
      arrive({ revision: 3, pence: 12_560n, resultHash: 'third' }),
    ) as [Declaration, Declaration, Declaration];
    const settled: Declaration = { ...third, status: 'PAID', sealedPence: 500n };
    const family = then([first, second, settled], returned(OTHER), correct(OTHER));
    expect(one(family, OTHER)).toMatchObject({ status: 'FINANCIALLY_APPROVED', pence: 2_000n });
    expect(stated(family)).toBe(12_560n);
  });

  it('waits once for a change that it had handed to its achievement when it was sent', () => {
    const sending = asReleasing(adjustment({ ...main(), pence: 2_000n, statedHash: 'other' }, OTHER));
    const family = then(
      [main(), { ...sending, sealedPence: null }],
      { kind: 'membership', change: aChange({ version: 3, code: 'PCN_PRACTICE_JOINED' }) },
      sealed(OTHER, 2_000n),
    );
    const back = then(
      family.map((d) => ({ ...d, status: 'PAID' as const })),
      returned(OTHER, { paymentVersion: 10 }),
    );
    expect(one(back, OTHER).pendingHolds).toHaveLength(1);
  });

  it('requires the newest change, where another one came after it was sent', () => {
    const sending = asReleasing(adjustment({ ...main(), pence: 2_000n, statedHash: 'other' }, OTHER));
    const family = then(
      [main(), { ...sending, sealedPence: null }],
      { kind: 'membership', change: aChange({ version: 3 }) },
      sealed(OTHER, 2_000n),
      { kind: 'membership', change: aChange({ version: 4 }) },
    );
    const back = then(
      family.map((d) => ({ ...d, status: 'PAID' as const })),
      returned(OTHER, { paymentVersion: 10 }),
    );
    expect(one(back, OTHER).required).toEqual({ XP1: 4 });
  });

  // At most one is open: the table of the database says so, too.
  it.each([
    ['that nobody has declared', (d: Declaration) => d, [] as Stimulus[]],
    ['that is approved', (d: Declaration) => ({ ...approved(), ...adjustment(d, d.declarationId) }), []],
    ['that is being sent, and is sealed', asReleasing, [sealed(THIRD, 500n)]],
    ['that is being sent, and comes back', asReleasing, [notIncluded(THIRD)]],
    ['whose line was rejected', asRejected, [correct(THIRD)]],
  ])('is absorbed by another adjustment %s', (_, as, later) => {
    const [first, second, third] = then(
      [main(), paidAdjustment],
      arrive({ revision: 3, pence: 12_560n, resultHash: 'third' }),
    ) as [Declaration, Declaration, Declaration];
    expect(third).toMatchObject({ kind: 'adjustment', pence: 500n });
    const open = as({ ...third, declarationId: THIRD });
    const family = then([first, second, open], returned(OTHER), ...later);
    expect(one(family, OTHER)).toMatchObject({ status: 'LAPSED', statusCode: 'ABSORBED' });
    expect(stated(family)).toBe(12_560n);
    const isOpen = ({ kind, status }: Declaration): boolean =>
      kind === 'adjustment' && !['SENT_TO_AGENCY', 'PAID', 'LAPSED'].includes(status);
    expect(family.filter(isOpen)).toHaveLength(1);
  });
});

function asReleasing(d: Declaration): Declaration {
  return { ...d, status: 'RELEASING', runId: RUN, paymentVersion: 1 };
}
function asRejected(d: Declaration): Declaration {
  return { ...d, status: 'REJECTED_BY_AGENCY', runId: RUN, paymentVersion: 1 };
}
