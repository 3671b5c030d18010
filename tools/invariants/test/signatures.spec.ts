import { describe, expect, it } from '@jest/globals';
import type { Hold } from '@attest/contracts';
import type { Asked, Declaration, Signature } from '../src/history.js';
import { confirmedOnlyWhenSigned } from '../src/payments.js';
import { aDeclaration, aHistory } from './a-month.js';

const sign = (stage: Signature['stage'], personId: string, tier?: string): Signature => ({
  approvalId: [stage, tier, personId].join(' '),
  declarationId: 'd',
  declarationVersion: 1,
  stage,
  ...(tier ? { tier } : {}),
  personId,
});

const HOLD: Hold = {
  holdId: 'one',
  code: 'BY_HAND',
  causeEventId: null,
  pcnCode: null,
  practiceCodes: [],
  changedFrom: null,
  changedTo: null,
  membershipVersion: null,
  releasedBy: 'commissioner',
  waitsFor: null,
  since: '2026-08-01T00:00:00Z',
};

/** I3 over one confirmed version: what its route asked for, who signed it, and what it was. */
function holds(
  asked: Asked | null,
  signatures: readonly Signature[],
  changes: Partial<Declaration> = {},
): boolean {
  const history = aHistory({
    confirmed: [{ ...aDeclaration(changes), runId: 'run' }],
    asked: new Map(asked ? [['d|1', asked]] : []),
    signatures: new Map(signatures.map((signature) => [signature.approvalId, signature])),
    appliedSignatures: new Set(signatures.map((signature) => signature.approvalId)),
  });
  return confirmedOnlyWhenSigned({ history }).holds;
}

const TWO_TIERS: Asked = { tiers: ['manager', 'senior'] };
const NOTHING: Asked = { declaration: 'not-required', tiers: [], finance: 'not-required' };

describe('I3 of a confirmed version', () => {
  it.each<[string, Asked | null, Signature[], Partial<Declaration>]>([
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

  it.each<[string, Asked | null, Signature[], Partial<Declaration>]>([
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
    ['a hold stood', null, [sign('commissioner', 'a'), sign('finance', 'f')], { holds: [HOLD] }],
  ])('is broken when %s', (_, asked, signatures, changes) => {
    expect(holds(asked, signatures, changes)).toBe(false);
  });
});
