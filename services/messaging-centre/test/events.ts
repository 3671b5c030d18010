import {
  newEvent,
  QualityServicePublishedV1,
  uuidV7,
  type DeclarationEventData,
  type DeclarationState,
  type NewEvent,
} from '@attest/contracts';

/** A declaration of £120.72 whose provider may declare it. */
export const aDeclaration = (changes: Partial<DeclarationState> = {}): DeclarationState => ({
  declarationId: uuidV7(),
  kind: 'achievement',
  serviceCode: 'XVI2223',
  achievementDate: '2026-09-30',
  organisationCode: 'X00001',
  commissionerCode: 'XQA',
  paymentPeriod: '2026-10',
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
  ...changes,
});

export const aFact = (changes: Partial<DeclarationEventData['fact']> = {}): DeclarationEventData['fact'] => ({
  actor: 'system',
  personId: null,
  forOrganisation: null,
  at: '2026-10-10T09:00:00.000Z',
  from: null,
  reason: null,
  code: null,
  approvalId: null,
  previousPence: null,
  ...changes,
});

/** A service as the catalogue publishes it, with one date in its payment calendar. */
export const servicePublished = (
  serviceCode: string,
  dates: { achievementDate: string; opensOn: string; providerDeadlineOn: string },
  serviceVersion = 1,
): NewEvent =>
  newEvent(QualityServicePublishedV1, {
    serviceVersion,
    service: {
      serviceCode,
      name: `Made-up service ${serviceCode}`,
      providerKind: 'practice',
      startOn: '2022-04-01',
      endOn: null,
      collection: 'monthly',
      acceptance: 'automatic',
      agencyCode: 'XPAY',
      rulePack: {
        financialYear: '2026/27',
        version: 1,
        fields: [],
        ignoredFields: [],
        dependsOn: ['page'],
        calculation: {
          kind: 'item-of-service',
          items: [{ indicatorCode: 'X1', fieldName: 'COUNT', feePounds: '10.06' }],
        },
        note: null,
        oldestOpenFinancialYear: '2025/26',
        sources: ['made up'],
        examples: [],
      },
      calendar: [
        { paymentPeriod: '2026-11', cutOffAt: '2026-11-01T18:00:00Z', payOn: '2026-11-20', ...dates },
      ],
    },
  }) as unknown as NewEvent;
