import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calculated, membership } from '../../services/declaration-workflow/test/neighbours.js';
import {
  ask,
  declare,
  declared,
  signAs,
  signedBy,
  standing,
  startPolicies,
  steps,
  stopPolicies,
  taskOf,
  tell,
  waitsFor,
  why,
  type Signer,
} from './policies-under-test.js';

// One policy after the other is published at the real catalogue; what it asks is asked by the real declaration-workflow
// and given at the real commissioner-approval. Only figures and memberships come from the spec.

beforeAll(startPolicies, 180_000);
afterAll(stopPolicies);

describe('a route of tiers by value, with finance above an amount,', () => {
  it.each<[string, string, string, Signer[]]>([
    ['below £15,000', 'X00001', '1499999', ['manager']],
    ['of £15,000', 'X00002', '1500000', ['manager', 'senior']],
    ['to £49,999.99', 'X00003', '4999999', ['manager', 'senior', 'finance']],
    ['from £50,000', 'X00004', '5000000', ['manager', 'senior', 'executive', 'finance']],
  ])(
    'asks for exactly its signatures %s, in their order and of nobody else',
    async (_, practice, pence, signers) => {
      const d = await declared('XTIERS', practice, pence);
      await signedBy(d, ...signers);
      const approved = await standing('XTIERS', practice, 'FINANCIALLY_APPROVED');
      const tiers = signers.filter((one) => one !== 'finance');
      const byFinance = signers.includes('finance');
      expect(approved).toMatchObject({
        declaredBy: 'declarer',
        commissionerSignatures: tiers.map((tier) => ({ tier, personId: tier })),
        financeSignedBy: byFinance ? 'finance' : null,
      });
      expect(await steps(d)).toEqual([
        'open by system',
        'declare by declarer',
        ...tiers.slice(0, -1).map((tier) => `approve-tier by ${tier} ${tier}`),
        `approve by ${tiers.at(-1)}`,
        byFinance ? 'approve by finance' : 'approve by system FINANCE_NOT_REQUIRED',
      ]);
      expect(await why(d)).toMatchObject({ code: 'AWAITING_RELEASE_RUN', actsNext: 'system' });
    },
  );

  it('takes one signature of a person who holds every role, and the next from another', async () => {
    const d = await declared('XTIERS', 'X00005', '4999999');
    await waitsFor(d, 'manager');
    await ask(signAs('everything', d, 'manager'), 202);
    await waitsFor(d, 'senior');
    expect((await signAs('everything', d, 'senior')).body.code).toBe('SAME_PERSON');
    await ask(signAs('senior', d, 'senior'), 202);
    await waitsFor(d, 'finance');
    expect((await signAs('everything', d, 'finance')).body.code).toBe('SAME_PERSON');
    await ask(signAs('finance', d, 'finance'), 202);
    await standing('XTIERS', 'X00005', 'FINANCIALLY_APPROVED');
  });
});

it('a service that needs no declaration is declared by the system, and signed as ever', async () => {
  await tell(calculated({ serviceCode: 'XUNDECLARED', organisationCode: 'X00001', pence: '5000000' }));
  const d = await standing('XUNDECLARED', 'X00001', 'AWAITING_COMMISSIONER_APPROVAL');
  await signedBy(d, 'manager', 'finance');
  await standing('XUNDECLARED', 'X00001', 'FINANCIALLY_APPROVED');
  expect(await steps(d)).toEqual([
    'open by system',
    'declare by system DECLARATION_NOT_REQUIRED',
    'approve by manager',
    'approve by finance',
  ]);
});

it('a service that needs no approval goes from its provider to finance', async () => {
  const d = await declared('XUNAPPROVED', 'X00001', '5000000');
  await signedBy(d, 'finance');
  await standing('XUNAPPROVED', 'X00001', 'FINANCIALLY_APPROVED');
  expect(await steps(d)).toEqual([
    'open by system',
    'declare by declarer',
    'approve by system APPROVAL_NOT_REQUIRED',
    'approve by finance',
  ]);
});

it('a hold that may end by itself ends with figures of the same result, and is signed then', async () => {
  const figures = (figureRevision: number) =>
    calculated({
      serviceCode: 'XHELD',
      organisationCode: 'X00001',
      pence: '10060',
      figureRevision,
      memberships: { XP1: figureRevision },
    });
  await tell(figures(1));
  const d = await standing('XHELD', 'X00001', 'AWAITING_PROVIDER_APPROVAL');
  await declare(d);
  await waitsFor(d, 'manager');
  await tell(membership('left', 'XP1', 2, { practices: ['X00001'] }));
  await taskOf(d, (task) => task.held);
  expect((await signAs('manager', d, 'manager')).body.code).toBe('ON_HOLD');
  await tell(figures(2));
  await signedBy(d, 'manager', 'finance');
  await standing('XHELD', 'X00001', 'FINANCIALLY_APPROVED');
  expect(await steps(d)).toEqual([
    'open by system',
    'declare by declarer',
    'hold by system PCN_PRACTICE_LEFT',
    'release-hold by system PCN_PRACTICE_LEFT',
    'approve by manager',
    'approve by finance',
  ]);
});
