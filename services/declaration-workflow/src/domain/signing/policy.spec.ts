import { describe, expect, it } from '@jest/globals';
import { DEFAULT_POLICY, TIERED_POLICY_EXAMPLE, type ReadonlyPolicy } from '@attest/contracts';
import { aDeclaration } from '../../../test/a-declaration.js';
import { stateOf } from '../core/declaration.js';
import { needsFinance, tierDue, tiersFor, tiersOf } from './policy.js';

const names = (pence: bigint, policy: ReadonlyPolicy = TIERED_POLICY_EXAMPLE) =>
  tiersFor(policy, pence).map((tier) => tier.name);
const signed = (...tiers: string[]) =>
  tiers.map((tier) => ({ tier, personId: `${tier}-person`, at: '2026-08-20T09:00:00.000Z' }));

describe('the route of an amount', () => {
  // The bands of the issue: below £15,000 one, to £49,999.99 two, from £50,000 three.
  it.each([
    [0n, ['manager']],
    [1_499_999n, ['manager']],
    [1_500_000n, ['manager', 'senior']],
    [4_999_999n, ['manager', 'senior']],
    [5_000_000n, ['manager', 'senior', 'executive']],
    [-1_499_999n, ['manager']],
    [-1_500_000n, ['manager', 'senior']],
    [-5_000_000n, ['manager', 'senior', 'executive']],
    [999_999_999_999_999_999n, ['manager', 'senior', 'executive']],
  ])('of %s pence is signed by %j', (pence, tiers) => {
    expect(names(pence)).toEqual(tiers);
  });

  it.each([0n, 1n, -1n, 5_000_000n])('of %s pence is one signature by default', (pence) => {
    expect(tiersFor(DEFAULT_POLICY, pence)).toEqual([{ name: 'commissioner', role: 'APPROVAL_MANAGEMENT' }]);
  });

  it('asks nobody where approval is not required, until a person sent it back', () => {
    const policy: ReadonlyPolicy = { ...TIERED_POLICY_EXAMPLE, approval: 'not-required', route: [] };
    expect(names(5_000_000n, policy)).toEqual([]);
    expect(tiersOf(aDeclaration({ policy }))).toEqual([]);
    expect(tiersOf(aDeclaration({ policy, systemWaits: true }))).toEqual(DEFAULT_POLICY.tiers);
  });

  it('waits for the first tier that has not signed', () => {
    const d = aDeclaration({ policy: TIERED_POLICY_EXAMPLE, pence: 5_000_000n });
    expect(tierDue(d)?.name).toBe('manager');
    expect(tierDue({ ...d, commissionerSignatures: signed('manager') })).toEqual({
      name: 'senior',
      role: 'SENIOR_APPROVAL_MANAGEMENT',
    });
    expect(tierDue({ ...d, commissionerSignatures: signed('manager', 'senior', 'executive') })).toBeNull();
  });
});

describe('finance', () => {
  it.each([
    [null, 0n, true],
    [null, 1n, true],
    ['0', 0n, false],
    ['0', 1n, true],
    ['0', -1n, true],
    ['500000', 500_000n, false],
    ['500000', 500_001n, true],
    ['500000', -500_000n, false],
    ['500000', -500_001n, true],
  ])('with a limit of %s signs %s pence: %s', (financeAbovePence, pence, required) => {
    expect(needsFinance(aDeclaration({ policy: { ...DEFAULT_POLICY, financeAbovePence }, pence }))).toBe(
      required,
    );
  });

  it('always signs by default', () => {
    expect(needsFinance(aDeclaration({ pence: 0n }))).toBe(true);
  });
});

describe('other services', () => {
  it('read the route where the service has one, and nothing where it has not', () => {
    expect(stateOf(aDeclaration())).not.toHaveProperty('approvalRoute');
    const state = stateOf(
      aDeclaration({
        policy: TIERED_POLICY_EXAMPLE,
        pence: 1_500_000n,
        status: 'AWAITING_COMMISSIONER_APPROVAL',
        commissionerSignatures: signed('manager'),
      }),
    );
    expect(state.approvalRoute).toMatchObject({
      declaration: 'required',
      tiers: [{ name: 'manager' }, { name: 'senior' }],
      tierDue: 'senior',
      finance: 'required',
    });
    expect(state.commissionerSignatures).toHaveLength(1);
  });
});
