import { uuidV7, type DeclarationEventData, type DeclarationState } from '@attest/contracts';

export const aDeclaration = (changes: Partial<DeclarationState> = {}): DeclarationState => ({
  declarationId: uuidV7(),
  kind: 'achievement',
  serviceCode: 'XVI2223',
  achievementDate: '2023-03-31',
  organisationCode: 'X00001',
  commissionerCode: 'XQA',
  paymentPeriod: '2026-07',
  status: 'AWAITING_COMMISSIONER_APPROVAL',
  holds: [],
  awaitingAggregation: false,
  revision: 2,
  declarationVersion: 1,
  figureRevision: 1,
  pence: '12072',
  attempt: 1,
  late: false,
  declaredBy: 'declarer',
  commissionerSignedBy: null,
  financeSignedBy: null,
  runId: null,
  ...changes,
});

export const fact = (approvalId: string | null = null): DeclarationEventData['fact'] => ({
  actor: 'provider',
  personId: 'declarer',
  forOrganisation: 'X00001',
  at: '2026-08-10T09:00:00.000Z',
  from: 'AWAITING_PROVIDER_APPROVAL',
  reason: null,
  code: null,
  approvalId,
  previousPence: null,
});

export function aHold(): DeclarationState['holds'][number] {
  return {
    holdId: uuidV7(),
    code: 'PCN_PRACTICE_LEFT',
    causeEventId: null,
    pcnCode: 'XU0001',
    practiceCodes: ['X00001'],
    changedFrom: '2026-07-20',
    changedTo: null,
    membershipVersion: 2,
    releasedBy: 'commissioner',
    waitsFor: 'REAGGREGATION',
    since: '2026-08-10T09:00:00.000Z',
  };
}
