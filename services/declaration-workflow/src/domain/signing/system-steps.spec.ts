import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import {
  DECLARATION_STATUSES,
  DEFAULT_POLICY,
  TIERED_POLICY_EXAMPLE,
  type DeclarationStatus,
  type ReadonlyPolicy,
} from '@attest/contracts';
import { actionsOf, aDeclaration, aHold, context, figures, ID, NOW } from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import { stateOf, type Declaration } from '../core/declaration.js';
import type { DeclarationWindow, StimulusOf } from '../core/stimulus.js';

const window: DeclarationWindow = {
  paymentPeriod: '2026-08',
  opensOn: parseLondonDate('2026-08-09'),
  providerDeadlineOn: parseLondonDate('2026-08-24'),
  latePeriod: '2026-09',
  latePayableFrom: new Date('2026-10-01T17:00:00Z'),
};
const look = (changes: Partial<StimulusOf<'system-steps'>> = {}): StimulusOf<'system-steps'> => ({
  kind: 'system-steps',
  declarationId: ID,
  today: parseLondonDate('2026-08-20'),
  window,
  parked: false,
  frozen: false,
  ...changes,
});
const policy = (changes: Partial<ReadonlyPolicy>): ReadonlyPolicy => ({ ...DEFAULT_POLICY, ...changes });
const NO_DECLARATION = policy({ declaration: 'not-required' });
const NO_APPROVAL = policy({ approval: 'not-required', route: [] });
const SMALL_SUMS = policy({ financeAbovePence: '500000' });
const NOTHING_ASKED = policy({
  declaration: 'not-required',
  approval: 'not-required',
  route: [],
  financeAbovePence: '500000',
});
const amount = (pence: bigint): Partial<Declaration> => ({ latest: figures({ pence }), pence });
const run = (d: Declaration, changes: Partial<StimulusOf<'system-steps'>> = {}) =>
  apply([d], look(changes), context());

const P = 'AWAITING_PROVIDER_APPROVAL';
const C = 'AWAITING_COMMISSIONER_APPROVAL';
const F = 'AWAITING_FINANCE_APPROVAL';
const A = 'FINANCIALLY_APPROVED';

describe('the system goes as far as the policy lets it', () => {
  it.each<[string, ReadonlyPolicy | null, DeclarationStatus, bigint, DeclarationStatus, string[]]>([
    ['the default', null, P, 100n, P, []],
    ['the default', null, C, 100n, C, []],
    ['the default', null, F, 0n, F, []],
    ['all required', DEFAULT_POLICY, P, 100n, P, []],
    ['all required', DEFAULT_POLICY, C, 100n, C, []],
    ['all required', DEFAULT_POLICY, F, 100n, F, []],
    ['tiers', TIERED_POLICY_EXAMPLE, C, 1_499_999n, C, []],
    ['tiers', TIERED_POLICY_EXAMPLE, C, 5_000_000n, C, []],
    ['no declaration', NO_DECLARATION, P, 100n, C, ['declare']],
    ['no declaration', NO_DECLARATION, P, 0n, C, ['declare']],
    ['no declaration', NO_DECLARATION, C, 100n, C, []],
    ['no approval', NO_APPROVAL, P, 100n, P, []],
    ['no approval', NO_APPROVAL, C, 100n, F, ['approve']],
    ['no approval', NO_APPROVAL, C, -100n, F, ['approve']],
    ['no approval', NO_APPROVAL, F, 100n, F, []],
    ['a finance limit', SMALL_SUMS, F, 500_000n, A, ['approve']],
    ['a finance limit', SMALL_SUMS, F, 500_001n, F, []],
    ['a finance limit', SMALL_SUMS, F, -500_000n, A, ['approve']],
    ['a finance limit', SMALL_SUMS, F, -500_001n, F, []],
    ['a finance limit', SMALL_SUMS, F, 0n, 'SETTLED_NIL', ['settle-nil']],
    ['nothing asked', NOTHING_ASKED, P, 500_000n, A, ['declare', 'approve', 'approve']],
    ['nothing asked', NOTHING_ASKED, P, 500_001n, F, ['declare', 'approve']],
    ['nothing asked', NOTHING_ASKED, P, 0n, 'SETTLED_NIL', ['declare', 'approve', 'settle-nil']],
  ])('%s (%#): from %s at %s pence', (_name, by, status, pence, to, actions) => {
    const { family, steps } = run(aDeclaration({ policy: by, status, ...amount(pence) }));
    expect(family[0]!.status).toBe(to);
    expect(actionsOf(steps)).toEqual(actions);
    for (const step of steps) expect(step.why).toMatchObject({ actor: 'system' });
  });

  it.each(DECLARATION_STATUSES.filter((status) => !status.startsWith('AWAITING_')))(
    'and takes nothing from %s',
    (status) => {
      expect(run(aDeclaration({ policy: NOTHING_ASKED, status })).steps).toEqual([]);
    },
  );

  it('names nobody as who declared or signed', () => {
    const [d] = run(aDeclaration({ policy: NOTHING_ASKED })).family;
    expect(d).toMatchObject({
      declaredBy: null,
      commissionerSignedBy: null,
      financeSignedBy: null,
      financeBySystem: true,
      declarationVersion: 1,
      declaredVersion: 1,
    });
  });
});

describe('the system waits', () => {
  it.each<[string, Partial<Declaration>, Partial<StimulusOf<'system-steps'>>]>([
    ['while a hold stands', { holds: [aHold()] }, {}],
    ['while it is being added up', { awaiting: { until: 2, since: NOW, code: null } }, {}],
    ['while a newer membership is required', { required: { XP1: 2 } }, {}],
    ['while an input is blocked', { blocked: { until: 2, since: NOW, code: 'X' } }, {}],
    ['while something upstream is parked', {}, { parked: true }],
    ['while its period is frozen', {}, { frozen: true }],
    ['until the calendar opens it', {}, { today: parseLondonDate('2026-08-08') }],
    ['until the calendar names it', {}, { window: null }],
    ['for people, once a person sent it back', { systemWaits: true }, {}],
  ])('%s', (_, changes, stimulus) => {
    const { steps, refusal } = run(aDeclaration({ policy: NOTHING_ASKED, ...changes }), stimulus);
    expect(steps).toEqual([]);
    expect(refusal).toBeNull();
  });

  it('and what it declares after the deadline joins a later run, with the reason', () => {
    const { family, steps } = run(aDeclaration({ policy: NO_DECLARATION }), {
      today: parseLondonDate('2026-08-25'),
    });
    expect(family[0]).toMatchObject({ status: C, late: true, paymentPeriod: '2026-09' });
    expect(steps[0]!.why.code).toBe('DECLARED_LATE');
    expect(steps[0]!.why.reason).toMatch(/deadline/);
  });
});

describe('what a person sent back', () => {
  const undeclare: StimulusOf<'undeclare'> = {
    kind: 'undeclare',
    reason: null,
    declarationId: ID,
    personId: 'declarer',
    forOrganisation: 'X00001',
    actor: 'provider',
    seenRevision: null,
  };
  it('is not declared again by the system, until its result changes', () => {
    const declared = run(aDeclaration({ policy: NO_DECLARATION })).family[0]!;
    const back = apply([declared], undeclare, context()).family[0]!;
    expect(back).toMatchObject({ status: P, systemWaits: true });
    expect(stateOf(back).approvalRoute?.declaration).toBe('required');
    expect(run(back).steps).toEqual([]);
    const reopened = apply(
      [back],
      {
        kind: 'figures',
        achievement: back,
        address: back,
        figures: figures({ revision: 2, pence: 1n }),
        memberships: [],
      },
      context(),
    ).family[0]!;
    expect(run(reopened).family[0]!.status).toBe(C);
  });

  it('by finance is signed by the commissioner, although its service asks for no approval', () => {
    const awaitingFinance = run(aDeclaration({ policy: NO_APPROVAL, status: C, declaredBy: 'declarer' }))
      .family[0]!;
    const refused = apply(
      [awaitingFinance],
      {
        kind: 'signature',
        answered: false,
        declarationId: ID,
        approvalId: ID,
        approvalVersion: 1,
        declarationVersion: 1,
        stage: 'finance',
        decision: 'refuse',
        personId: 'finance',
        forOrganisation: 'XQA',
        reason: 'Too high.',
        parked: false,
        frozen: false,
      },
      context(),
    ).family[0]!;
    expect(refused).toMatchObject({ status: C, declaredBy: 'declarer', systemWaits: true });
    expect(run(refused).steps).toEqual([]);
  });
});
