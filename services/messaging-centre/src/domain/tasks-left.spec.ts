import { describe, expect, it } from '@jest/globals';
import { DECLARATION_STATUSES, type DeclarationState } from '@attest/contracts';
import { aDeclaration } from '../../test/events.js';
import { taskOf } from './task.js';

const route = { declaration: 'not-required', tiers: [], tierDue: null, finance: 'required' } as const;

describe('a task', () => {
  const left: [string, Partial<DeclarationState>, object | null][] = [
    ['to declare is the provider’s', {}, { kind: 'DECLARE', organisationCode: 'X00001' }],
    ['to declare an adjustment too', { kind: 'adjustment' }, { kind: 'DECLARE', organisationCode: 'X00001' }],
    ['is none while figures are added up', { awaitingAggregation: true }, null],
    ['is none where the system declares', { approvalRoute: { ...route, tiers: [] } }, null],
    [
      'to correct a payment is the commissioner’s',
      { status: 'REJECTED_BY_AGENCY' },
      { kind: 'CORRECT_PAYMENT', organisationCode: 'XQA' },
    ],
  ];
  it.each(left)('%s', (_, changes, task) => {
    expect(taskOf(aDeclaration(changes))).toEqual(task);
  });

  it('is left by two statuses alone', () => {
    const leaving = DECLARATION_STATUSES.filter((status) => taskOf(aDeclaration({ status })) !== null);
    expect(leaving).toEqual(['AWAITING_PROVIDER_APPROVAL', 'REJECTED_BY_AGENCY']);
  });
});
