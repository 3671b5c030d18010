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
  NOW,
  paid,
  releasing,
  sent,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';

const after = (d: Declaration, ...stimuli: Parameters<typeof apply>[1][]) =>
  stimuli.reduce(
    (before, stimulus) => {
      const outcome = apply(before.family, stimulus, context());
      return {
        family: outcome.family,
        actions: [...before.actions, ...actionsOf(outcome.steps)],
        steps: [...before.steps, ...outcome.steps],
      };
    },
    {
      family: [d] as readonly Declaration[],
      actions: [] as string[],
      steps: [] as ReturnType<typeof apply>['steps'][number][],
    },
  );

describe('figures', () => {
  it('open a declaration when they are the first', () => {
    const { family, steps, newResult } = apply([], arrive({ revision: 1 }), context());
    expect(family[0]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', revision: 1, pence: 10_060n });
    expect(actionsOf(steps)).toEqual(['open']);
    expect(newResult?.revision).toBe(1);
  });

  it('that are not newer change nothing, in whatever order they arrive', () => {
    const d = aDeclaration({ latest: figures({ revision: 3 }) });
    for (const revision of [1, 2, 3]) {
      const { family, steps } = apply([d], arrive({ revision, pence: 1n }), context());
      expect(family[0]).toBe(d);
      expect(steps).toEqual([]);
    }
  });

  it('with the same result move a revision and nothing else', () => {
    const d = approved();
    const { family, steps, newResult } = apply([d], arrive({}), context());
    expect(actionsOf(steps)).toEqual(['refigure']);
    expect(steps[0]!.historic).toBe(false);
    expect(newResult).toBeNull();
    expect(family[0]).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
      declarationVersion: 1,
      statedRevision: 2,
      financeSignedBy: 'finance',
    });
  });

  it.each([
    'AWAITING_PROVIDER_APPROVAL',
    'AWAITING_COMMISSIONER_APPROVAL',
    'AWAITING_FINANCE_APPROVAL',
    'FINANCIALLY_APPROVED',
  ] as const)('with another result reopen it from %s, without its signatures', (status) => {
    const { family, steps } = apply([approved({ status })], arrive({ pence: 20_000n }), context());
    expect(actionsOf(steps)).toEqual(['recalculate']);
    expect(steps[0]!.why).toMatchObject({ previousPence: 10_060n });
    expect(family[0]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      pence: 20_000n,
      declarationVersion: 2,
      declaredBy: null,
      commissionerSignedBy: null,
      financeSignedBy: null,
    });
  });

  it('with the same pence and other declared values reopen it too', () => {
    const { steps } = apply([approved()], arrive({ resultHash: 'other values' }), context());
    expect(actionsOf(steps)).toEqual(['recalculate']);
  });

  it('move the status beneath a hold at once, and the hold stays', () => {
    const { family } = apply([approved({ holds: [aHold()] })], arrive({ pence: 1n }), context());
    expect(family[0]).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL' });
    expect(family[0]!.holds).toHaveLength(1);
  });

  it('reopen a settled nil', () => {
    const nil = approved({ status: 'SETTLED_NIL', pence: 0n, latest: figures({ pence: 0n }) });
    expect(actionsOf(apply([nil], arrive({ pence: 5n }), context()).steps)).toEqual(['recalculate']);
  });

  it('close the markers and requirements that they satisfy, and no others', () => {
    const d = aDeclaration({
      awaiting: { until: 2, since: NOW, code: null },
      blocked: { until: 3, since: NOW, code: 'PAGE_PARKED' },
      required: { XP1: 2, XP2: 5 },
    });
    const { family } = apply([d], arrive({ memberships: { XP1: 2, XP2: 4 } }), context());
    expect(family[0]).toMatchObject({ awaiting: null, blocked: { until: 3 }, required: { XP2: 5 } });
  });
});

describe('nothing to pay', () => {
  it('lapses what waits for a signature', () => {
    const { family, steps } = apply(
      [aDeclaration({ holds: [aHold()] })],
      arrive({ pence: 0n, resultHash: 'n/a', notApplicable: 'NO_PARTICIPATION' }),
      context(),
    );
    expect(actionsOf(steps)).toEqual(['lapse']);
    expect(family[0]).toMatchObject({ status: 'LAPSED', statusCode: 'NOT_APPLICABLE', holds: [] });
  });

  it('reopens what was approved before it lapses, and says there already that it ends', () => {
    const na = arrive({ pence: 0n, resultHash: 'n/a', notApplicable: 'NO_PARTICIPATION' });
    const { steps } = apply([approved()], na, context());
    expect(steps.map(({ action, why }) => [action, why.code])).toEqual([
      ['recalculate', 'NOT_APPLICABLE'],
      ['lapse', 'NOT_APPLICABLE'],
    ]);
  });

  it('does not forget what is awaited: what is opened in its place waits for it', () => {
    const marker = { since: NOW, code: 'PAGE_PARKED' };
    const blocked = aDeclaration({ blocked: { ...marker, until: 4 } });
    const na = { pence: 0n, resultHash: 'n/a', notApplicable: 'PAGE_MISSING' };
    const lapsed = apply([blocked], arrive({ revision: 2, ...na }), context()).family;
    const awaits = { kind: 'marker', marker: { since: NOW, code: null, until: 5 } } as const;
    const told = apply(lapsed, awaits, context());
    expect(told.steps).toEqual([]);
    const again = apply(told.family, arrive({ revision: 3 }), context()).family;
    expect(again[0]).toMatchObject({ status: 'LAPSED', awaiting: null, blocked: null });
    expect(again[1]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      awaiting: { until: 5 },
      blocked: { until: 4 },
    });
    // Once more nothing, and what was awaited has come with it.
    const still = apply(told.family, arrive({ revision: 4, ...na }), context()).family;
    expect(still[0]).toMatchObject({ status: 'LAPSED', awaiting: { until: 5 }, blocked: null });
  });

  it('opens nothing, and later figures open a new declaration', () => {
    const na = arrive({ pence: 0n, resultHash: 'n/a', notApplicable: 'NO_PARTICIPATION' });
    expect(apply([], na, context()).family).toEqual([]);
    const lapsed = aDeclaration({
      status: 'LAPSED',
      statusCode: 'NOT_APPLICABLE',
      latest: figures({ revision: 2 }),
    });
    const { family } = apply([lapsed], arrive({ revision: 3 }), context());
    expect(family.map((d) => d.status)).toEqual(['LAPSED', 'AWAITING_PROVIDER_APPROVAL']);
  });

  it('that a commissioner decided is not undone by figures', () => {
    const withdrawn = aDeclaration({ status: 'LAPSED', statusCode: 'WITHDRAWN' });
    expect(apply([withdrawn], arrive({ revision: 9, pence: 1n }), context()).steps).toEqual([]);
  });
});

describe('another result after confirm', () => {
  it('is recorded at once while the line is on its way, and touches nothing', () => {
    const { family, steps } = apply([releasing()], arrive({ pence: 20_000n }), context());
    expect(actionsOf(steps)).toEqual(['record-change']);
    expect(family[0]).toMatchObject({ status: 'RELEASING', pence: 10_060n, declarationVersion: 1 });
  });

  it.each([
    ['sent', sent()],
    ['paid', paid()],
  ])('of a line that is %s opens an adjustment of what is owed, and says it was not stopped', (_, d) => {
    const { family, steps } = apply([d], arrive({ pence: 9_000n }), context());
    expect(actionsOf(steps)).toEqual(['need-resolution', 'open']);
    expect(steps[0]!.why.code).toBe('NOT_STOPPED_IN_TIME');
    expect(family[1]).toMatchObject({
      kind: 'adjustment',
      pence: -1_060n,
      status: 'AWAITING_PROVIDER_APPROVAL',
    });
    expect(family[0]).toMatchObject({ status: d.status, pence: 10_060n });
  });

  it('restates the open adjustment instead of opening a second one', () => {
    const { family, actions } = after(
      paid(),
      arrive({ revision: 2, pence: 9_000n }),
      arrive({ revision: 3, pence: 12_060n }),
    );
    expect(actions).toEqual(['need-resolution', 'open', 'refigure', 'recalculate']);
    expect(family).toHaveLength(2);
    expect(family[1]).toMatchObject({ pence: 2_000n, declarationVersion: 2 });
  });

  it('that comes back to what was sent ends the adjustment', () => {
    const { family } = after(paid(), arrive({ revision: 2, pence: 9_000n }), arrive({ revision: 3 }));
    expect(family[1]).toMatchObject({ status: 'LAPSED', statusCode: 'NOTHING_OWED' });
  });

  it('without effect on what is owed says so', () => {
    const { steps } = after(
      paid(),
      { kind: 'membership', change: aChange() },
      arrive({ memberships: { XP1: 2 } }),
    );
    expect(steps.map((step) => [step.action, step.why.code])).toEqual([
      ['need-resolution', 'NOT_STOPPED_IN_TIME'],
      ['record-change', 'NO_EFFECT_ON_PAYMENT'],
    ]);
  });

  it('that makes it not applicable is recovered whole', () => {
    const na = arrive({ pence: 0n, resultHash: 'n/a', notApplicable: 'NO_PARTICIPATION' });
    expect(apply([paid()], na, context()).family[1]).toMatchObject({ pence: -10_060n });
  });
});
