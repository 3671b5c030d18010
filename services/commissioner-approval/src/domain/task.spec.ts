import { describe, expect, it } from '@jest/globals';
import { DECLARATION_STATUSES } from '@attest/contracts';
import {
  refusalOf,
  roleFor,
  stageOf,
  wordsFor,
  type ApprovalTask,
  type RefusalCode,
  type Standing,
} from './task.js';

const aTask = (changes: Partial<ApprovalTask> = {}): ApprovalTask => ({
  declarationId: '01900000-0000-7000-8000-000000000001',
  declarationVersion: 3n,
  status: 'AWAITING_COMMISSIONER_APPROVAL',
  commissionerCode: 'QHM',
  held: false,
  awaitingAggregation: false,
  pendingApprovalId: null,
  declaredBy: 'declarer',
  commissionerSignedBy: null,
  kind: 'achievement',
  tier: null,
  signedBy: [],
  parked: false,
  ...changes,
});
const SENIOR = { name: 'senior', role: 'SENIOR_APPROVAL_MANAGEMENT' } as const;
const ANYTHING: Standing = { sees: true, mayAct: true, mayTakeTier: true };
const request = {
  stage: 'commissioner' as const,
  decision: 'approve' as const,
  declarationVersion: 3n,
  personId: 'approver',
};

describe('a signature', () => {
  it('is taken for the stage and version that wait', () => {
    expect(refusalOf(aTask(), ANYTHING, request)).toBeNull();
    expect(
      refusalOf(aTask({ status: 'AWAITING_FINANCE_APPROVAL', commissionerSignedBy: 'approver' }), ANYTHING, {
        ...request,
        stage: 'finance',
        personId: 'finance',
      }),
    ).toBeNull();
  });

  it.each<[RefusalCode, ApprovalTask | undefined, boolean | Standing, Partial<typeof request>]>([
    ['UNKNOWN_DECLARATION', undefined, true, {}],
    ['UNKNOWN_DECLARATION', aTask(), { sees: false, mayAct: false, mayTakeTier: false }, {}],
    ['NOT_YOUR_ORGANISATION', aTask(), false, {}],
    ['UPSTREAM_EVENT_PARKED', aTask({ parked: true, declarationVersion: 4n, held: true }), true, {}],
    ['VERSION_SUPERSEDED', aTask({ declarationVersion: 4n }), true, {}],
    ['WRONG_STAGE', aTask({ status: 'AWAITING_FINANCE_APPROVAL' }), true, {}],
    ['WRONG_STAGE', aTask({ status: 'AWAITING_PROVIDER_APPROVAL' }), true, {}],
    ['SIGNATURE_PENDING', aTask({ pendingApprovalId: '01900000-0000-7000-8000-000000000002' }), true, {}],
    ['ON_HOLD', aTask({ held: true }), true, {}],
    ['AWAITING_AGGREGATION', aTask({ awaitingAggregation: true }), true, {}],
    ['SAME_PERSON', aTask({ declaredBy: 'approver' }), true, {}],
    ['SAME_PERSON', aTask({ signedBy: ['approver', 'other'] }), true, {}],
    ['WRONG_TIER_ROLE', aTask({ tier: SENIOR }), { sees: true, mayAct: true, mayTakeTier: false }, {}],
  ])('is refused with %s', (code, task, may, changes) => {
    const standing = typeof may === 'boolean' ? { sees: true, mayAct: may, mayTakeTier: may } : may;
    expect(refusalOf(task, standing, { ...request, ...changes })).toBe(code);
    expect(wordsFor(code)).toMatch(/\. .+\.$/);
  });

  it('is refused to the person who signed the other stage', () => {
    const task = aTask({ status: 'AWAITING_FINANCE_APPROVAL', commissionerSignedBy: 'both' });
    const both = { ...request, stage: 'finance' as const, personId: 'both' };
    expect(refusalOf(task, ANYTHING, both)).toBe('SAME_PERSON');
  });

  it('is not sent back either while an event of it could not be read', () => {
    const parked = aTask({ parked: true });
    expect(refusalOf(parked, ANYTHING, { ...request, decision: 'refuse' })).toBe('UPSTREAM_EVENT_PARKED');
  });

  it.each([
    ['on hold', { held: true }],
    ['being added up', { awaitingAggregation: true }],
    ['declared by the same person', { declaredBy: 'approver' }],
  ])('may be refused while it is %s: that leads away from payment', (_what, changes) => {
    expect(refusalOf(aTask(changes), ANYTHING, { ...request, decision: 'refuse' })).toBeNull();
  });

  it('takes the role of the tier that is due, or the usual one', () => {
    expect(roleFor('commissioner', aTask())).toBe('APPROVAL_MANAGEMENT');
    expect(roleFor('commissioner', aTask({ tier: SENIOR }))).toBe('SENIOR_APPROVAL_MANAGEMENT');
    expect(roleFor('finance', aTask({ tier: SENIOR }))).toBe('FINANCE_MANAGEMENT');
  });

  it('belongs to exactly two statuses', () => {
    expect(DECLARATION_STATUSES.filter((status) => stageOf(status) !== null)).toEqual([
      'AWAITING_COMMISSIONER_APPROVAL',
      'AWAITING_FINANCE_APPROVAL',
    ]);
  });
});
