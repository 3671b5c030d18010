import { describe, expect, it } from '@jest/globals';
import { confirmedOnlyWhenSigned } from '../src/payments.js';

interface Asked {
  readonly declaration?: string;
  readonly tiers?: readonly string[];
  readonly finance?: string;
}
const sign = (stage: 'commissioner' | 'finance', personId: string, tier?: string) => ({
  approvalId: [stage, tier, personId].join(' '),
  declarationId: 'd',
  declarationVersion: 1,
  stage,
  tier,
  personId,
});

/** I3 over one confirmed version: what its route asked for, who signed it, and what it was. */
function holds(
  asked: Asked | null,
  signatures: readonly ReturnType<typeof sign>[],
  changes: object = {},
): boolean {
  const d = {
    declarationId: 'd',
    declarationVersion: 1,
    declaredBy: 'provider',
    holds: [],
    awaitingAggregation: false,
  };
  const history = {
    confirmed: [{ ...d, ...changes }],
    asked: new Map(asked ? [['d|1', asked]] : []),
    signatures: new Map(signatures.map((signature) => [signature.approvalId, signature])),
    appliedSignatures: new Set(signatures.map((signature) => signature.approvalId)),
  };
  const verdict = (confirmedOnlyWhenSigned as (of: object) => { holds: boolean })({ history });
  return verdict.holds;
}

const TWO_TIERS: Asked = { tiers: ['manager', 'senior'] };
const NOTHING: Asked = { declaration: 'not-required', tiers: [], finance: 'not-required' };

describe('I3 of a confirmed version', () => {
  it.each<[string, Asked | null, ReturnType<typeof sign>[], object]>([
    ['the usual two signatures', null, [sign('commissioner', 'a'), sign('finance', 'f')], {}],
    [
      'every tier of its route',
      TWO_TIERS,
      [sign('commissioner', 'a', 'manager'), sign('commissioner', 'b', 'senior'), sign('finance', 'f')],
      {},
    ],
    ['no finance, where none was asked for', { finance: 'not-required' }, [sign('commissioner', 'a')], {}],
    ['nothing, where nothing was asked for', NOTHING, [], { declaredBy: null }],
  ])('holds with %s', (_, asked, signatures, changes) => {
    expect(holds(asked, signatures, changes)).toBe(true);
  });

  it.each<[string, Asked | null, ReturnType<typeof sign>[], object]>([
    ['finance is missing', null, [sign('commissioner', 'a')], {}],
    ['the commissioner is missing', null, [sign('finance', 'f')], {}],
    ['nobody declared it', null, [sign('commissioner', 'a'), sign('finance', 'f')], { declaredBy: null }],
    ['one person signed both', null, [sign('commissioner', 'a'), sign('finance', 'a')], {}],
    ['a tier is missing', TWO_TIERS, [sign('commissioner', 'a', 'manager'), sign('finance', 'f')], {}],
    [
      'one person signed two tiers',
      TWO_TIERS,
      [sign('commissioner', 'a', 'manager'), sign('commissioner', 'a', 'senior'), sign('finance', 'f')],
      {},
    ],
    ['a hold stood', null, [sign('commissioner', 'a'), sign('finance', 'f')], { holds: ['one'] }],
  ])('is broken when %s', (_, asked, signatures, changes) => {
    expect(holds(asked, signatures, changes)).toBe(false);
  });
});
