/** Services as the catalogue is asked to publish them. Both have one achievement date, in the calendar of August 2026. */

const calendarOf = (achievementDate: string) => [
  {
    achievementDate,
    paymentPeriod: '2026-07',
    opensOn: '2026-08-09',
    providerDeadlineOn: '2026-08-24',
    cutOffAt: '2026-09-10T17:00:00.000Z',
    payOn: '2026-09-20',
  },
];

/** Paid monthly by registered patients. */
export function capitation(serviceCode: string, achievementDate: string) {
  return {
    serviceCode,
    name: `Made-up network funding ${serviceCode}`,
    providerKind: 'pcn',
    startOn: '2023-04-01',
    endOn: null,
    collection: 'monthly',
    acceptance: 'automatic',
    agencyCode: 'PCSE',
    rulePack: {
      financialYear: '2023/24',
      version: 1,
      fields: [],
      ignoredFields: [],
      dependsOn: ['membership', 'list-size'],
      calculation: {
        kind: 'capitation',
        list: 'registered',
        poundsPerPatientPerYear: '1.50',
        share: { numerator: 1, denominator: 12 },
      },
      note: null,
      oldestOpenFinancialYear: '2023/24',
      sources: ['made up for a test'],
      examples: [],
    },
    calendar: calendarOf(achievementDate),
  };
}

/** Paid for each vaccination, once a year. */
export function vaccination(serviceCode: string, achievementDate: string) {
  return {
    serviceCode,
    name: 'Made-up vaccination 2022/23',
    providerKind: 'practice',
    startOn: '2022-04-01',
    endOn: '2023-04-01',
    collection: 'annual',
    acceptance: 'automatic',
    agencyCode: 'PCSE',
    rulePack: {
      financialYear: '2022/23',
      version: 1,
      fields: [{ indicatorCode: 'XVI001', fieldName: 'Numerator', required: true }],
      ignoredFields: [],
      dependsOn: ['page'],
      calculation: {
        kind: 'item-of-service',
        items: [{ indicatorCode: 'XVI001', fieldName: 'Numerator', feePounds: '10.06' }],
      },
      note: null,
      oldestOpenFinancialYear: '2022/23',
      sources: ['made up for a test'],
      examples: [],
    },
    calendar: calendarOf(achievementDate),
  };
}
