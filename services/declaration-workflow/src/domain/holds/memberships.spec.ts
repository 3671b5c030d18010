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
  paid,
  releasing,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import { isCurrent, type Declaration } from '../core/declaration.js';

const change = (d: Declaration, changes: Parameters<typeof aChange>[0] = {}) =>
  apply([d], { kind: 'membership', change: aChange(changes) }, context());

const release = (d: Declaration, holdId: string, confirmed = true) =>
  apply(
    [d],
    {
      kind: 'release-hold',
      declarationId: ID,
      personId: 'approver',
      forOrganisation: 'XQA',
      seenRevision: null,
      holdId,
      confirmed,
      reason: null,
    },
    context(),
  );

describe('a membership change', () => {
  it.each([
    'AWAITING_PROVIDER_APPROVAL',
    'AWAITING_COMMISSIONER_APPROVAL',
    'AWAITING_FINANCE_APPROVAL',
    'FINANCIALLY_APPROVED',
  ] as const)('holds what is %s, and says everything about the hold', (status) => {
    const { family, steps } = change(approved({ status }));
    expect(actionsOf(steps)).toEqual(['hold']);
    expect(family[0]).toMatchObject({ status, required: { XP1: 2 } });
    expect(family[0]!.holds[0]).toMatchObject({
      code: 'PCN_PRACTICE_LEFT',
      pcnCode: 'XP1',
      practiceCodes: ['X00009'],
      changedFrom: '2026-07-01',
      changedTo: null,
      membershipVersion: 2,
      releasedBy: 'commissioner',
      waitsFor: 'REAGGREGATION',
      since: '2026-08-20T09:00:00.000Z',
    });
    expect(isCurrent(family[0]!)).toBe(false);
  });

  it('does not hold figures that were already made with it, though its event arrives after them', () => {
    const d = aDeclaration({ latest: figures({ memberships: { XP1: 2 } }) });
    expect(change(d).steps).toEqual([]);
  });

  it('that comes a second time changes nothing', () => {
    const { family } = change(aDeclaration());
    expect(change(family[0]!).steps).toEqual([]);
  });

  it('after another one adds a second hold', () => {
    const { family } = change(change(aDeclaration()).family[0]!, { version: 3, code: 'PCN_PRACTICE_JOINED' });
    expect(family[0]!.holds.map((hold) => hold.code)).toEqual(['PCN_PRACTICE_LEFT', 'PCN_PRACTICE_JOINED']);
    expect(family[0]!.required).toEqual({ XP1: 3 });
  });

  it.each([
    ['open', aDeclaration(), 'holds'],
    ['being sent', releasing(), 'pendingHolds'],
  ] as const)(
    'holds what is %s once, though figures from before it follow those made with it',
    (_, d, where) => {
      const held = change(d).family[0]!;
      const known = [aChange()];
      const made = apply([held], arrive({ revision: 2, memberships: { XP1: 2 } }, known), context())
        .family[0]!;
      expect(made).toMatchObject({ required: {}, [where]: held[where] });
      const before = apply([made], arrive({ revision: 3, memberships: { XP1: 1 } }, known), context());
      expect(before.family[0]).toMatchObject({ required: { XP1: 2 }, [where]: held[where] });
      expect(actionsOf(before.steps)).toContain('record-change');
    },
  );

  it('known before older figures arrive holds the declaration that they open', () => {
    const { family, steps } = apply([], arrive({ revision: 1 }, [aChange()]), context());
    expect(actionsOf(steps)).toEqual(['open', 'hold']);
    expect(family[0]!.holds).toHaveLength(1);
    const newer = apply([], arrive({ revision: 1, memberships: { XP1: 2 } }, [aChange()]), context());
    expect(actionsOf(newer.steps)).toEqual(['open']);
  });

  it('holds still when there was nothing to pay for a while: nobody has released it', () => {
    const held = change(approved(), { code: 'PCN_PRACTICE_JOINED' }).family;
    const nothing = { pence: 0n, resultHash: 'n/a', notApplicable: 'PAGE_MISSING', memberships: { XP1: 2 } };
    const lapsed = apply(held, arrive({ revision: 2, ...nothing }), context());
    expect(lapsed.family[0]).toMatchObject({ status: 'LAPSED', holds: [], pendingHolds: held[0]!.holds });
    const { family, steps } = apply(
      lapsed.family,
      arrive({ revision: 3, memberships: { XP1: 2 } }, [aChange({ code: 'PCN_PRACTICE_JOINED' })]),
      context(),
    );
    expect(actionsOf(steps)).toEqual(['open', 'hold']);
    expect(family[0]).toMatchObject({ status: 'LAPSED', pendingHolds: [] });
    expect(family[1]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', holds: held[0]!.holds });
  });

  it('while the line is on its way waits for what becomes of it', () => {
    const { family, steps } = change(releasing());
    expect(actionsOf(steps)).toEqual(['record-change']);
    expect(family[0]).toMatchObject({ status: 'RELEASING', holds: [] });
    expect(family[0]!.pendingHolds).toHaveLength(1);
  });

  it('after the line was paid tells that a payment needs resolution, once', () => {
    const first = change(paid());
    expect(first.steps.map((step) => [step.action, step.why.code])).toEqual([
      ['need-resolution', 'NOT_STOPPED_IN_TIME'],
    ]);
    expect(actionsOf(change(first.family[0]!, { version: 3 }).steps)).toEqual(['record-change']);
  });

  it('reaches nothing that has ended', () => {
    expect(change(aDeclaration({ status: 'LAPSED' })).steps).toEqual([]);
  });
});

describe('releasing a hold', () => {
  it.each(['PCN_PRACTICE_LEFT', 'PCN_MEMBERSHIP_CORRECTED', 'PCN_CLOSED'] as const)(
    'of %s is refused until figures made with the change have arrived',
    (code) => {
      const held = change(approved(), { code }).family[0]!;
      expect(release(held, held.holds[0]!.holdId).refusal).toBe('HOLD_AWAITS_REAGGREGATION');
      const { family } = apply([held], arrive({ memberships: { XP1: 2 } }), context());
      const released = release(family[0]!, held.holds[0]!.holdId);
      expect(released.refusal).toBeNull();
      expect(released.family[0]).toMatchObject({ status: 'FINANCIALLY_APPROVED', holds: [] });
    },
  );

  it('of a joining may be released at once, and still waits for its figures', () => {
    const held = change(approved(), { code: 'PCN_PRACTICE_JOINED' }).family[0]!;
    const released = release(held, held.holds[0]!.holdId).family[0]!;
    expect(released.holds).toEqual([]);
    expect(isCurrent(released)).toBe(false);
  });

  it('goes on where it was when the result is the same, and stands reopened when it is not', () => {
    const held = change(approved()).family[0]!;
    const reopened = apply([held], arrive({ pence: 1n, memberships: { XP1: 2 } }), context()).family[0]!;
    expect(release(reopened, held.holds[0]!.holdId).family[0]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      holds: [],
    });
  });

  it('releases one of several and leaves the others', () => {
    const two = aDeclaration({
      holds: [aHold({ holdId: 'a', membershipVersion: 1 }), aHold({ holdId: 'b' })],
      latest: figures({ memberships: { XP1: 1 } }),
    });
    expect(release(two, 'b').refusal).toBe('HOLD_AWAITS_REAGGREGATION');
    expect(release(two, 'a').family[0]!.holds.map((hold) => hold.holdId)).toEqual(['b']);
  });

  it('needs a confirmation, and a hold that stands', () => {
    const held = aDeclaration({ holds: [aHold()] });
    expect(release(held, aHold().holdId, false).refusal).toBe('HOLD_CONFIRMATION_MISSING');
    expect(release(held, 'another').refusal).toBe('HOLD_UNKNOWN');
  });
});
