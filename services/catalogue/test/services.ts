import type { QualityService } from '@attest/contracts';

/** A service that can be published; change what a spec is about. */
export const aService = (
  changes: Partial<QualityService> = {},
  pack: Partial<QualityService['rulePack']> = {},
): QualityService => ({
  serviceCode: 'XVI2627',
  name: 'Made-up vaccinations 2026/27',
  providerKind: 'practice',
  startOn: '2026-04-01',
  endOn: '2027-04-01',
  collection: 'monthly',
  acceptance: 'by-provider',
  agencyCode: 'PCSE',
  calendar: [
    {
      achievementDate: '2026-07-31',
      paymentPeriod: '2026-07',
      opensOn: '2026-08-09',
      providerDeadlineOn: '2026-08-24',
      cutOffAt: '2026-08-28T17:00:00Z',
      payOn: '2026-09-15',
    },
  ],
  rulePack: {
    financialYear: '2026/27',
    version: 1,
    fields: [{ indicatorCode: 'XVI001', fieldName: 'NUMERATOR', required: true }],
    ignoredFields: [],
    dependsOn: ['page'],
    calculation: {
      kind: 'item-of-service',
      items: [{ indicatorCode: 'XVI001', fieldName: 'NUMERATOR', feePounds: '10.06' }],
    },
    note: null,
    oldestOpenFinancialYear: '2025/26',
    sources: ['Pulse: £10.06 an item'],
    examples: [
      {
        name: 'twelve doses',
        source: '12 × £10.06',
        values: [{ indicatorCode: 'XVI001', fieldName: 'NUMERATOR', value: 12 }],
        pence: '12072',
      },
    ],
    ...pack,
  },
  ...changes,
});

export const anAgency = {
  agencyCode: 'PCSE',
  name: 'Primary Care Support England',
  adapter: 'attest-csv',
  label: 'SENT TO PCSE',
};
