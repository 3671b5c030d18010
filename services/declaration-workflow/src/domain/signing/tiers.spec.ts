import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import { DEFAULT_POLICY, TIERED_POLICY_EXAMPLE, type ReadonlyPolicy } from '@attest/contracts';
import { actionsOf, aDeclaration, arrive, context, figures, ID, NOW } from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';
import { whyNotPaid } from '../why/why.js';

const LARGE = 5_000_000n;
const declared = (changes: Partial<Declaration> = {}): Declaration =>
  aDeclaration({
    status: 'AWAITING_COMMISSIONER_APPROVAL',
    revision: 2,
    declaredVersion: 1,
    declaredBy: 'declarer',
    policy: TIERED_POLICY_EXAMPLE,
    latest: figures({ pence: LARGE }),
    ...changes,
  });

let approvals = 0;
const sign = (
  tier: string | null,
  personId: string,
  changes: Partial<StimulusOf<'signature'>> = {},
): StimulusOf<'signature'> => ({
  kind: 'signature',
  answered: false,
  declarationId: ID,
  approvalId: '01990000-0000-7000-8000-0000000000dd',
  approvalVersion: ++approvals,
  declarationVersion: 1,
  stage: 'commissioner',
  decision: 'approve',
  personId,
  forOrganisation: 'XQA',
  reason: null,
  parked: false,
  frozen: false,
  tier,
  ...changes,
});
const on = (d: Declaration, ...stimuli: Parameters<typeof apply>[1][]): Declaration =>
  stimuli.reduce((now, s) => apply([now], s, context()).family[0]!, d);

describe('a route of several tiers', () => {
  it('stays with the commissioner until the last one has signed', () => {
    const first = apply([declared()], sign('manager', 'one'), context());
    expect(actionsOf(first.steps)).toEqual(['approve-tier']);
    expect(first.steps[0]).toMatchObject({ emits: 'declaration.tier-approved.v1', historic: true });
    // The signature is answered by the event that names it.
    expect(first.steps[0]!.why).toMatchObject({ approvalId: sign(null, '').approvalId, code: 'manager' });
    expect(first.family[0]).toMatchObject({
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      revision: 3,
      declarationVersion: 1,
      commissionerSignedBy: 'one',
    });
    const done = on(first.family[0]!, sign('senior', 'two'), sign('executive', 'three'));
    expect(done).toMatchObject({ status: 'AWAITING_FINANCE_APPROVAL', commissionerSignedBy: 'three' });
    expect(done.commissionerSignatures.map(({ tier, personId }) => [tier, personId])).toEqual([
      ['manager', 'one'],
      ['senior', 'two'],
      ['executive', 'three'],
    ]);
  });

  it.each<[bigint, string[]]>([
    [1_499_999n, ['manager']],
    [1_500_000n, ['manager', 'senior']],
    [4_999_999n, ['manager', 'senior']],
    [5_000_000n, ['manager', 'senior', 'executive']],
    [-1_500_000n, ['manager', 'senior']],
    [0n, ['manager']],
  ])('of %s pence is complete after %j', (pence, tiers) => {
    let d = declared({ latest: figures({ pence }), pence });
    tiers.forEach((tier, at) => {
      expect(d.status).toBe('AWAITING_COMMISSIONER_APPROVAL');
      d = on(d, sign(tier, `person-${at}`));
    });
    expect(d.status).toBe('AWAITING_FINANCE_APPROVAL');
  });

  const afterOne = () => on(declared(), sign('manager', 'one'));
  it.each<[string, () => Declaration, StimulusOf<'signature'>, string]>([
    ['a tier that comes later', declared, sign('senior', 'two'), 'TIER_NOT_DUE'],
    ['a tier that has signed', afterOne, sign('manager', 'two'), 'TIER_NOT_DUE'],
    ['a tier that is none', declared, sign('king', 'two'), 'TIER_NOT_DUE'],
    ['no tier, where another role is due', afterOne, sign(null, 'two'), 'TIER_NOT_DUE'],
    ['the person who signed another tier', afterOne, sign('senior', 'one'), 'SAME_PERSON'],
    ['the person who declared it', afterOne, sign('senior', 'declarer'), 'SAME_PERSON'],
  ])('refuses %s', (_, given, signature, code) => {
    const d = given();
    const { refusal, steps, family } = apply([d], { ...signature, approvalVersion: 1_000 }, context());
    expect(refusal).toBe(code);
    expect(steps).toEqual([]);
    expect(family[0]).toMatchObject({ revision: d.revision, approvalVersion: 1_000 });
  });

  it('refuses finance to everybody who signed a tier', () => {
    const done = on(declared(), sign('manager', 'one'), sign('senior', 'two'), sign('executive', 'three'));
    for (const person of ['one', 'two', 'three', 'declarer'])
      expect(apply([done], sign(null, person, { stage: 'finance' }), context()).refusal).toBe('SAME_PERSON');
    expect(on(done, sign(null, 'four', { stage: 'finance' })).status).toBe('FINANCIALLY_APPROVED');
  });

  it.each<[string, (d: Declaration) => Declaration]>([
    ['refused', (d) => on(d, sign(null, 'two', { decision: 'refuse', reason: 'no' }))],
    [
      'taken back',
      (d) =>
        on(d, {
          kind: 'undeclare',
          reason: null,
          declarationId: ID,
          personId: 'declarer',
          forOrganisation: 'X00001',
          actor: 'provider',
          seenRevision: null,
        }),
    ],
    ['reopened by other figures', (d) => on(d, arrive({ pence: 1n }))],
  ])('loses all its signatures when it is %s', (_, back) => {
    expect(back(afterOne())).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      commissionerSignatures: [],
      commissionerSignedBy: null,
    });
  });

  it('loses them all when finance sends it back one stage', () => {
    const done = on(declared(), sign('manager', 'one'), sign('senior', 'two'), sign('executive', 'three'));
    expect(
      on(done, sign(null, 'four', { stage: 'finance', decision: 'refuse', reason: 'no' })),
    ).toMatchObject({
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      commissionerSignatures: [],
      declaredBy: 'declarer',
    });
  });

  it('keeps its signatures when newer figures have the same result', () => {
    const same = on(afterOne(), arrive({ pence: LARGE, resultHash: afterOne().statedHash }));
    expect(same.commissionerSignatures).toHaveLength(1);
  });

  it('says which tier is outstanding, its role and since when', () => {
    const why = whyNotPaid(afterOne(), {
      today: parseLondonDate('2026-08-20'),
      now: NOW,
      calendar: null,
      parkedSince: null,
    });
    expect(why).toMatchObject({ code: 'AWAITING_COMMISSIONER_TIER', actsNext: 'commissioner', since: NOW });
    expect(why.cause).toContain('2 of 3');
    expect(why.unblockedBy).toContain('SENIOR_APPROVAL_MANAGEMENT');
  });
});

describe('a policy that changes', () => {
  const change = (policy: ReadonlyPolicy | null) => ({ kind: 'policy' as const, policy });
  const look: StimulusOf<'system-steps'> = {
    kind: 'system-steps',
    declarationId: ID,
    today: parseLondonDate('2026-08-20'),
    window: null,
    parked: false,
    frozen: false,
  };

  it('asks for the tiers that are left, and keeps those that were signed', () => {
    const two: ReadonlyPolicy = {
      ...TIERED_POLICY_EXAMPLE,
      route: [{ belowPence: null, tiers: ['manager', 'executive'] }],
    };
    const { family, steps } = apply([on(declared(), sign('manager', 'one'))], change(two), context());
    expect(steps[0]).toMatchObject({ emits: 'declaration.refigured.v1', why: { code: 'POLICY_CHANGED' } });
    expect(on(family[0]!, sign('executive', 'two')).status).toBe('AWAITING_FINANCE_APPROVAL');
  });

  it('to one that is complete already is passed on by the system', () => {
    const one: ReadonlyPolicy = {
      ...TIERED_POLICY_EXAMPLE,
      route: [{ belowPence: null, tiers: ['manager'] }],
    };
    const complete = on(declared(), sign('manager', 'one'), change(one));
    const { family, steps } = apply([complete], look, context());
    expect(family[0]).toMatchObject({ status: 'AWAITING_FINANCE_APPROVAL', commissionerSignedBy: 'one' });
    expect(steps[0]!.why).toMatchObject({ actor: 'system', code: 'ROUTE_COMPLETE' });
  });

  it('to the default is passed on by the system where the tier of the default has signed', () => {
    const several: ReadonlyPolicy = {
      ...TIERED_POLICY_EXAMPLE,
      route: [{ belowPence: null, tiers: ['commissioner', 'senior'] }],
      tiers: [...DEFAULT_POLICY.tiers, { name: 'senior', role: 'SENIOR_APPROVAL_MANAGEMENT' }],
    };
    const complete = on(declared({ policy: several }), sign('commissioner', 'one'), change(null));
    const { family, steps } = apply([complete], look, context());
    expect(family[0]).toMatchObject({ status: 'AWAITING_FINANCE_APPROVAL', commissionerSignedBy: 'one' });
    expect(steps[0]!.why).toMatchObject({ actor: 'system', code: 'ROUTE_COMPLETE' });
  });

  it('to more tiers asks nothing of what the commissioner has signed', () => {
    const signed = on(declared({ policy: null }), sign(null, 'one'));
    expect(on(signed, change(TIERED_POLICY_EXAMPLE)).status).toBe('AWAITING_FINANCE_APPROVAL');
  });

  it.each(['FINANCIALLY_APPROVED', 'SENT_TO_AGENCY', 'PAID', 'SETTLED_NIL'] as const)(
    'moves nothing of what is %s, and holds when it comes back',
    (status) => {
      const { family, steps } = apply([declared({ status })], change(DEFAULT_POLICY), context());
      expect(steps).toEqual([]);
      expect(family[0]).toMatchObject({ status, revision: 2, policy: DEFAULT_POLICY });
    },
  );

  it('to the same one changes nothing', () => {
    const d = declared();
    expect(apply([d], change(TIERED_POLICY_EXAMPLE), context()).family[0]).toBe(d);
  });
});
