import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY, type ReadonlyPolicy } from '@attest/contracts';
import {
  actionsOf,
  aChange,
  aDeclaration,
  aHold,
  approved,
  arrive,
  context,
  figures,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';

const AUTOMATIC: ReadonlyPolicy = { ...DEFAULT_POLICY, holdRelease: 'automatic-when-unchanged' };
const MEMBERS_1 = figures({ memberships: { XP1: 1 } });
const held = (changes: Partial<Declaration> = {}): Declaration =>
  approved({ policy: AUTOMATIC, latest: MEMBERS_1, holds: [aHold()], required: { XP1: 2 }, ...changes });
const same = (memberships: Record<string, number>, revision = 2) =>
  arrive({ revision, pence: MEMBERS_1.pence, resultHash: MEMBERS_1.resultHash, memberships });

describe('a hold that ends by itself', () => {
  it('ends when figures with its membership version give the same result', () => {
    const { family, steps } = apply([held()], same({ XP1: 2 }), context());
    expect(family[0]).toMatchObject({ status: 'FINANCIALLY_APPROVED', holds: [], required: {} });
    expect(actionsOf(steps)).toEqual(['refigure', 'release-hold']);
    expect(steps[1]).toMatchObject({
      emits: 'declaration.released.v1',
      historic: true,
      why: { actor: 'system', code: 'PCN_PRACTICE_LEFT' },
    });
  });

  it.each([
    'AWAITING_PROVIDER_APPROVAL',
    'AWAITING_COMMISSIONER_APPROVAL',
    'AWAITING_FINANCE_APPROVAL',
  ] as const)('leaves %s where it was', (status) => {
    const { family } = apply([held({ status, financeSignedBy: null })], same({ XP1: 2 }), context());
    expect(family[0]).toMatchObject({ status, holds: [] });
  });

  it('stands while its figures have not arrived', () => {
    const { family, steps } = apply([held()], same({ XP1: 1 }), context());
    expect(family[0]!.holds).toHaveLength(1);
    expect(actionsOf(steps)).toEqual(['refigure']);
  });

  it('stands when the result is another: it reopens, and a person looks', () => {
    const changed = arrive({ pence: 1n, memberships: { XP1: 2 } });
    const { family, steps } = apply([held()], changed, context());
    expect(family[0]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: 1n });
    expect(family[0]!.holds).toHaveLength(1);
    expect(actionsOf(steps)).toEqual(['recalculate']);
    // What has been looked at once with another result is not let go by a third that repeats it.
    const again = apply(family, arrive({ revision: 3, pence: 1n, memberships: { XP1: 2 } }), context());
    expect(again.family[0]!.holds).toHaveLength(1);
  });

  it('stands where the policy leaves it to people', () => {
    for (const policy of [null, DEFAULT_POLICY])
      expect(apply([held({ policy })], same({ XP1: 2 }), context()).family[0]!.holds).toHaveLength(1);
  });

  it('that was placed by hand is released by hand', () => {
    const byHand = aHold({ code: 'BY_HAND', pcnCode: null, membershipVersion: null, waitsFor: null });
    expect(apply([held({ holds: [byHand] })], same({ XP1: 2 }), context()).family[0]!.holds).toEqual([
      byHand,
    ]);
  });

  it('is one of several: each ends with its own version, in the order in which they came', () => {
    const holds = [2, 3, 4].map((membershipVersion) =>
      aHold({ holdId: `01990000-0000-7000-8000-00000000000${membershipVersion}`, membershipVersion }),
    );
    const { family, steps } = apply([held({ holds, required: { XP1: 4 } })], same({ XP1: 3 }), context());
    expect(family[0]!.holds).toEqual([holds[2]]);
    expect(steps.map((step) => step.after.holds.length)).toEqual([3, 2, 1]);
    expect(apply(family, same({ XP1: 4 }, 3), context()).family[0]!.holds).toEqual([]);
  });

  it('does not end one that arrives with a newer change', () => {
    const figuresAndChange = { ...same({ XP1: 2 }), memberships: [aChange({ version: 3 })] };
    const { family, steps } = apply([held()], figuresAndChange, context());
    expect(family[0]!.holds.map((hold) => hold.membershipVersion)).toEqual([3]);
    expect(actionsOf(steps)).toEqual(['refigure', 'release-hold', 'hold']);
  });
});

describe('what is opened', () => {
  it('has the policy of its service, and so has its adjustment', () => {
    const opened = apply([], { ...arrive({ revision: 1 }), policy: AUTOMATIC }, context()).family[0]!;
    expect(opened.policy).toEqual(AUTOMATIC);
    const paid = aDeclaration({
      status: 'PAID',
      policy: AUTOMATIC,
      sealedPence: 10_060n,
      financeSignedBy: 'finance',
    });
    const { family } = apply([paid], arrive({ revision: 2, pence: 1n }), context());
    expect(family.find((d) => d.kind === 'adjustment')!.policy).toEqual(AUTOMATIC);
  });
});
