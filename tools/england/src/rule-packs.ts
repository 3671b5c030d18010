// The nine services of the month as documents for the catalogue.
import type { CalendarEntry, PageField, QualityService, RulePack } from '@attest/contracts';
import {
  ITEM_ACHIEVEMENT_DATE,
  ITEM_SERVICES,
  PAYMENT_PERIOD,
  PCN_ACHIEVEMENT_DATE,
  poundsOf,
  QOF,
  type ItemService,
} from './item-services.js';
import type { NextMonth, Ratio } from './manifest.js';
import type { QofIndicatorRow } from './published-files.js';

/** A service whose calendar is the one date of the month. */
export type ServiceDocument = QualityService & { calendar: readonly [CalendarEntry] };
type WorkedExample = RulePack['examples'][number];

/** The window of payment month July 2026; the cut-off is 18:00 in London, in summer time. */
const WINDOW = {
  paymentPeriod: PAYMENT_PERIOD,
  opensOn: '2026-08-09',
  providerDeadlineOn: '2026-08-24',
  cutOffAt: '2026-09-10T17:00:00.000Z',
  payOn: '2026-09-20',
};
/** What the calendar of one monthly service goes on with. */
export const NEXT_MONTH: NextMonth = {
  serviceCode: 'PCNCD2324',
  paymentPeriod: '2026-08',
  entry: {
    achievementDate: '2026-08-31',
    paymentPeriod: '2026-08',
    opensOn: '2026-09-09',
    providerDeadlineOn: '2026-09-24',
    cutOffAt: '2026-10-10T17:00:00.000Z',
    payOn: '2026-10-20',
  },
  cutOff: '2026-10-10T17:00:30.000Z',
};
const calendar = (achievementDate: string): [CalendarEntry] => [{ achievementDate, ...WINDOW }];

type FieldName = Pick<PageField, 'indicatorCode' | 'fieldName'>;
const numerator = (indicatorCode: string): FieldName => ({ indicatorCode, fieldName: 'Numerator' });

function itemOfService({ serviceCode, name, indicatorCode, feePence }: ItemService): ServiceDocument {
  return {
    serviceCode,
    name,
    providerKind: 'practice',
    startOn: '2022-04-01',
    endOn: '2023-04-01',
    collection: 'annual',
    acceptance: 'automatic',
    agencyCode: 'PCSE',
    rulePack: {
      financialYear: '2022/23',
      version: 1,
      fields: [{ ...numerator(indicatorCode), required: true }],
      ignoredFields: [],
      dependsOn: ['page'],
      calculation: {
        kind: 'item-of-service',
        items: [{ ...numerator(indicatorCode), feePounds: poundsOf(feePence) }],
      },
      note: null,
      oldestOpenFinancialYear: '2022/23',
      sources: ['NHS Payments to General Practice, England 2022/23: amounts are whole multiples of the fee'],
      examples: [
        {
          name: 'a dozen items',
          source: 'fee × items',
          values: [{ ...numerator(indicatorCode), value: 12 }],
          pence: String(feePence * 12n),
        },
        {
          name: 'none is nil, not missing',
          source: 'fee × items',
          values: [{ ...numerator(indicatorCode), value: 0 }],
          pence: '0',
        },
      ],
    },
    calendar: calendar(ITEM_ACHIEVEMENT_DATE),
  };
}

const field = (indicatorCode: string, fieldName: string): PageField => ({
  indicatorCode,
  fieldName,
  required: true,
});

function qof(indicators: readonly QofIndicatorRow[]): ServiceDocument {
  const fractions = indicators.filter((one) => one.KIND === 'fraction');
  const register = indicators.find((one) => one.KIND === 'register');
  if (!register) throw new Error('No indicator of asthma is a register.');
  const example = (
    name: string,
    values: WorkedExample['values'],
    points: string,
    pence: string,
  ): WorkedExample => ({
    name,
    source:
      'points × (100 × numerator ÷ denominator − lower) ÷ (upper − lower), rounded once, half-up, to 2 decimals; proved on 24,168 published results',
    values,
    points,
    pence,
  });
  const all = (registerSize: number, fraction: number): WorkedExample['values'] => [
    { indicatorCode: register.INDICATOR_CODE, fieldName: 'REGISTER', value: registerSize },
    ...fractions.flatMap(({ INDICATOR_CODE }) => [
      { indicatorCode: INDICATOR_CODE, fieldName: 'NUMERATOR', value: fraction },
      { indicatorCode: INDICATOR_CODE, fieldName: 'DENOMINATOR', value: 100 },
    ]),
  ];
  return {
    serviceCode: QOF.serviceCode,
    name: 'Quality and Outcomes Framework 2014/15: asthma',
    providerKind: 'practice',
    startOn: '2014-04-01',
    endOn: '2015-04-01',
    collection: 'annual',
    acceptance: 'automatic',
    agencyCode: 'PCSE',
    rulePack: {
      financialYear: '2014/15',
      version: 1,
      fields: [
        field(register.INDICATOR_CODE, 'REGISTER'),
        ...fractions.flatMap(({ INDICATOR_CODE }) => [
          field(INDICATOR_CODE, 'NUMERATOR'),
          field(INDICATOR_CODE, 'DENOMINATOR'),
        ]),
      ],
      ignoredFields: [
        { indicatorCode: register.INDICATOR_CODE, fieldName: 'ACHIEVED_POINTS' },
        ...fractions.flatMap(({ INDICATOR_CODE }) =>
          ['EXCEPTIONS', 'ACHIEVED_POINTS'].map((fieldName) => ({
            indicatorCode: INDICATOR_CODE,
            fieldName,
          })),
        ),
      ],
      dependsOn: ['page'],
      calculation: {
        kind: 'sliding-points',
        poundsPerPoint: '156.92',
        moneyFrom: 'rounded-points',
        indicators: [
          {
            kind: 'register',
            indicatorCode: register.INDICATOR_CODE,
            points: register.POINTS,
            registerField: 'REGISTER',
          },
          ...fractions.map((one) => ({
            kind: 'fraction' as const,
            indicatorCode: one.INDICATOR_CODE,
            points: one.POINTS,
            lowerPct: one.LOWER_THRESHOLD_PCT,
            upperPct: one.UPPER_THRESHOLD_PCT,
            numeratorField: 'NUMERATOR',
            denominatorField: 'DENOMINATOR',
          })),
        ],
      },
      note: 'Unadjusted: points × £156.92, without list-size and prevalence factors.',
      oldestOpenFinancialYear: '2014/15',
      sources: ['HSCIC, QOF 2014/15, practice-level asthma workbook', 'QOF 2014/15 guidance: thresholds'],
      examples: [
        example('everything achieved', all(300, 100), '45.00', '706140'),
        example('nothing beyond the register', all(300, 0), '4.00', '62768'),
      ],
    },
    calendar: calendar(QOF.achievementDate),
  };
}

function capitation(
  serviceCode: string,
  name: string,
  poundsPerPatientPerYear: string,
  /** Pence of 48,000 patients. */
  example: string,
): ServiceDocument {
  return {
    serviceCode,
    name,
    providerKind: 'pcn',
    startOn: '2023-04-01',
    endOn: null,
    collection: 'monthly',
    acceptance: 'by-provider',
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
        poundsPerPatientPerYear,
        share: { numerator: 1, denominator: 12 },
      },
      note: 'Rates of 2023/24, a twelfth a month.',
      oldestOpenFinancialYear: '2023/24',
      sources: ['Network Contract DES 2023/24: rates a year per registered patient'],
      examples: [
        {
          name: '48,000 registered patients',
          source: 'rate × patients ÷ 12',
          values: [],
          registeredPatients: 48_000,
          pence: example,
        },
      ],
    },
    calendar: calendar(PCN_ACHIEVEMENT_DATE),
  };
}

export function serviceDocuments(qofIndicators: readonly QofIndicatorRow[]): ServiceDocument[] {
  return [
    qof(qofIndicators),
    ...ITEM_SERVICES.map(itemOfService),
    capitation('PCNCORE2324', 'Network core funding, rates of 2023/24', '1.50', '600000'),
    capitation('PCNCD2324', 'Network clinical director, rates of 2023/24', '0.729', '291600'),
  ];
}

/** Pence per patient and month as a fraction, for checks in plain SQL. */
export const CAPITATION: Readonly<Record<string, Ratio>> = {
  PCNCORE2324: { numerator: 150, denominator: 12 },
  PCNCD2324: { numerator: 729, denominator: 120 },
};
