import { Type, type Static } from '@sinclair/typebox';
import { BusinessDate, DecimalDigits, Instant, Nullable, OdsCode, OneOf, ServiceCode } from './scalars.js';
import { ServicePolicy } from './service-policy.js';

/** One value of a page, at its place in the page's array. */
export const PageField = Type.Object({
  indicatorCode: Type.String({ minLength: 1, maxLength: 40 }),
  /** FIELD_NAME of the CQRS layout, MEASURE of the long layout. */
  fieldName: Type.String({ minLength: 1, maxLength: 200 }),
  required: Type.Boolean(),
});
export type PageField = Static<typeof PageField>;

/** Fee × valid items, for each item added up. */
export const ItemOfService = Type.Object({
  kind: Type.Literal('item-of-service'),
  items: Type.Array(
    Type.Object({ indicatorCode: Type.String(), fieldName: Type.String(), feePounds: DecimalDigits }),
    { minItems: 1 },
  ),
});

/** Yearly rate × list of registered patients × the period's share of the year. */
export const Capitation = Type.Object({
  kind: Type.Literal('capitation'),
  list: OneOf(['registered'] as const),
  poundsPerPatientPerYear: DecimalDigits,
  share: Type.Object({ numerator: Type.Integer({ minimum: 1 }), denominator: Type.Integer({ minimum: 1 }) }),
});

/** Points between two thresholds, rounded once, half-up, to two decimals, then paid by the point. */
export const SlidingPoints = Type.Object({
  kind: Type.Literal('sliding-points'),
  poundsPerPoint: DecimalDigits,
  /** Public sources don't settle whether money comes from rounded or unrounded points: the pack says. */
  moneyFrom: OneOf(['rounded-points', 'unrounded-points'] as const),
  indicators: Type.Array(
    Type.Union([
      Type.Object({
        kind: Type.Literal('register'),
        indicatorCode: Type.String(),
        points: DecimalDigits,
        registerField: Type.String(),
      }),
      Type.Object({
        kind: Type.Literal('fraction'),
        indicatorCode: Type.String(),
        points: DecimalDigits,
        lowerPct: DecimalDigits,
        upperPct: DecimalDigits,
        numeratorField: Type.String(),
        denominatorField: Type.String(),
      }),
    ]),
    { minItems: 1 },
  ),
});

export const Calculation = Type.Union([ItemOfService, Capitation, SlidingPoints]);
export type Calculation = Static<typeof Calculation>;

/** What an example gives to the calculation and what must come out; run as tests when a pack is published. */
export const WorkedExample = Type.Object({
  name: Type.String({ minLength: 1 }),
  source: Type.String({ minLength: 1 }),
  values: Type.Array(
    Type.Object({ indicatorCode: Type.String(), fieldName: Type.String(), value: Nullable(Type.Integer()) }),
  ),
  registeredPatients: Type.Optional(Type.Integer({ minimum: 0 })),
  points: Type.Optional(DecimalDigits),
  pence: Type.String({ pattern: '^-?\\d{1,18}$' }),
});

/** How one quality service of one financial year is paid. Data: a new year needs no code. */
export const RulePack = Type.Object({
  financialYear: Type.String({ pattern: '^\\d{4}/\\d{2}$' }),
  /** Readers keep it in a column of 32 bits. */
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  fields: Type.Array(PageField, { maxItems: 600 }),
  /** Known to arrive in files, read by nobody here: published results, sub-counts. */
  ignoredFields: Type.Array(Type.Object({ indicatorCode: Type.String(), fieldName: Type.String() })),
  dependsOn: Type.Array(OneOf(['page', 'membership', 'list-size'] as const), {
    minItems: 1,
    uniqueItems: true,
  }),
  calculation: Calculation,
  /** Printed beside every figure, e.g. "unadjusted: no prevalence or list-size factor". */
  note: Nullable(Type.String()),
  oldestOpenFinancialYear: Type.String({ pattern: '^\\d{4}/\\d{2}$' }),
  /** Who has to agree before it is paid; left out: `DEFAULT_POLICY`. */
  policy: Type.Optional(ServicePolicy),
  sources: Type.Array(Type.String(), { minItems: 1 }),
  examples: Type.Array(WorkedExample),
});
export type RulePack = Static<typeof RulePack>;

/** When one achievement date is declared, approved and paid. Dates are London dates. */
export const CalendarEntry = Type.Object({
  achievementDate: BusinessDate,
  /** The month whose run pays it, `YYYY-MM`. */
  paymentPeriod: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
  opensOn: BusinessDate,
  providerDeadlineOn: BusinessDate,
  cutOffAt: Instant,
  payOn: BusinessDate,
});
export type CalendarEntry = Static<typeof CalendarEntry>;

export const QualityService = Type.Object({
  serviceCode: ServiceCode,
  name: Type.String({ minLength: 1, maxLength: 200 }),
  providerKind: OneOf(['practice', 'pcn'] as const),
  /** `[startOn, endOn)`; an achievement date outside is refused. */
  startOn: BusinessDate,
  endOn: Nullable(BusinessDate),
  collection: OneOf(['monthly', 'quarterly', 'annual'] as const),
  /** Some services are accepted by being offered. */
  acceptance: OneOf(['by-provider', 'automatic'] as const),
  agencyCode: OdsCode,
  rulePack: RulePack,
  calendar: Type.Array(CalendarEntry),
});
export type QualityService = Static<typeof QualityService>;
