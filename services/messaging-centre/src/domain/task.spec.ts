import { describe, expect, it } from '@jest/globals';
import type { DeclarationEventData, DeclarationState } from '@attest/contracts';
import { noticesOf } from './notice.js';
import { isToBeToldWhenReady } from './ready.js';
import { taskOf } from './task.js';

const aDeclaration = (declaration?: 'required' | 'not-required'): DeclarationState => ({
  declarationId: '01900000-0000-7000-8000-000000000001',
  kind: 'achievement',
  serviceCode: 'XVI2223',
  achievementDate: '2023-03-31',
  organisationCode: 'X00001',
  commissionerCode: 'XQA',
  paymentPeriod: '2026-07',
  status: 'AWAITING_PROVIDER_APPROVAL',
  holds: [],
  awaitingAggregation: false,
  revision: 1,
  declarationVersion: 1,
  figureRevision: 1,
  pence: '12072',
  attempt: 1,
  late: false,
  declaredBy: null,
  commissionerSignedBy: null,
  financeSignedBy: null,
  runId: null,
  ...(declaration
    ? { approvalRoute: { declaration, tiers: [], tierDue: null, finance: 'required' } as const }
    : {}),
});
const opened = (declaration: DeclarationState) =>
  noticesOf('declaration.opened.v1', {
    declaration,
    fact: { previousPence: null, code: null, reason: null } as DeclarationEventData['fact'],
  }).map((notice) => notice.kind);

it('a payment that recoveries had reduced is told as it stood on its line', () => {
  const declaration = { ...aDeclaration(), status: 'PAID' as const, nettedPence: '2072' };
  const fact = { previousPence: null, code: null, reason: null } as DeclarationEventData['fact'];
  const [paid] = noticesOf('declaration.paid.v1', { declaration, fact });
  expect(paid!.line).toMatchObject({
    pence: 10_000n,
    reason: 'recoveries had taken £20.72 of £120.72',
  });
});

describe('a provider whose declaration opened', () => {
  const isToldWhenReady = (declaration: DeclarationState): boolean =>
    isToBeToldWhenReady('declaration.opened.v1', declaration);

  it.each([undefined, 'required'] as const)('is asked to declare it (%s)', (declaration) => {
    expect(taskOf(aDeclaration(declaration))).toEqual({ kind: 'DECLARE', organisationCode: 'X00001' });
    expect(isToldWhenReady(aDeclaration(declaration))).toBe(true);
  });

  it('is asked for nothing where its service needs no declaration', () => {
    expect(taskOf(aDeclaration('not-required'))).toBeNull();
    expect(opened({ ...aDeclaration('not-required'), kind: 'adjustment' })).toEqual([]);
  });

  it('is told of an adjustment at once, and of it alone', () => {
    expect(opened({ ...aDeclaration(), kind: 'adjustment' })).toEqual([
      'ADJUSTMENT_OPENED',
      'ADJUSTMENT_OPENED',
    ]);
    expect(isToldWhenReady({ ...aDeclaration(), kind: 'adjustment' })).toBe(false);
    expect(opened(aDeclaration())).toEqual([]);
  });
});
