// QOF asthma 2014/15 of a made-up England: registers, numerators, denominators, and the points that follow.
import type { Cell } from '../csv.js';
import { LISTS_2014, REGISTER_SHARE, SHARES } from './asthma-shares.js';
import * as codes from './codes.js';
import type { Practice } from './places.js';
import type { Fates } from './practices.js';
import type { Chance } from './random.js';
import * as shape from './shape.js';

/** Points and thresholds as they were; the descriptions are ours. */
const REGISTER = {
  code: 'AST001',
  kind: 'register',
  points: 4,
  description: 'A register of patients with asthma',
} as const;
const FRACTIONS = [
  {
    code: 'AST002',
    kind: 'fraction',
    points: 15,
    lower: 45,
    upper: 80,
    description: 'Variability or reversibility was measured',
  },
  {
    code: 'AST003',
    kind: 'fraction',
    points: 20,
    lower: 45,
    upper: 70,
    description: 'An asthma review in the year',
  },
  {
    code: 'AST004',
    kind: 'fraction',
    points: 6,
    lower: 45,
    upper: 80,
    description: 'Smoking status recorded at the ages 14 to 19',
  },
] as const;
export const INDICATORS = [REGISTER, ...FRACTIONS] as const;
type Indicator = (typeof INDICATORS)[number];
type Fraction = (typeof FRACTIONS)[number];

/** The asthma of a practice in 2014/15. */
interface Result {
  readonly practice: Practice;
  readonly list: number;
  readonly register: number;
  readonly indicators: readonly {
    readonly indicator: Fraction;
    readonly numerator: number;
    readonly denominator: number;
    readonly exceptions: number;
    /** Points × 100. */
    readonly hundredths: number;
  }[];
}

export function makeAsthma(
  chance: Chance,
  { july, openInAutumn2024, closedWithSpells, active, dormant, closed }: Fates,
): Result[] {
  const since = (day: string) => (one: Practice) =>
    one.openOn <= '2014-03-31' && (one.closeOn === '' || one.closeOn >= day);
  const { stillThere, active: others, dormant: asleep, closed: gone } = shape.QOF_PRACTICES;
  const closedSince = [...closedWithSpells, ...closed].filter(
    (one) => one.status === 'C' && since('2015-04-01')(one),
  );
  const practices = [
    ...chance.shuffle(july.filter(since('2015-04-01'))).slice(0, stillThere),
    ...[...active, ...openInAutumn2024]
      .filter((one) => one.status === 'A' && since('2015-04-01')(one))
      .slice(0, others),
    ...dormant.slice(0, asleep),
    ...closedSince.slice(0, gone),
  ];
  return practices.sort((a, b) => (a.code < b.code ? -1 : 1)).map((practice) => resultOf(chance, practice));
}

function resultOf(chance: Chance, practice: Practice): Result {
  const list = practice.patients
    ? Math.max(155, Math.floor(practice.patients * (0.7 + 0.25 * chance.part())))
    : Math.floor(chance.between(LISTS_2014));
  const register = Math.max(1, Math.floor(list * chance.between(REGISTER_SHARE)));
  const indicators = FRACTIONS.map((indicator) => {
    const shares = SHARES[indicator.code];
    const denominator = Math.floor(register * chance.between(shares.denominator));
    const numerator = Math.min(denominator, Math.ceil(denominator * chance.between(shares.numerator)));
    const exceptions = Math.floor(denominator * chance.between(shares.exceptions));
    return {
      indicator,
      numerator,
      denominator,
      exceptions,
      hundredths: hundredthsOf(indicator, numerator, denominator),
    };
  });
  return { practice, list, register, indicators };
}

/** Points × 100: between the thresholds in proportion, rounded once, half-up. No patients, no points. */
export function hundredthsOf(
  { points, lower, upper }: Pick<Fraction, 'points' | 'lower' | 'upper'>,
  numerator: number,
  denominator: number,
): number {
  if (denominator === 0) return 0;
  const above = BigInt(100 * numerator - lower * denominator);
  const width = BigInt((upper - lower) * denominator);
  const most = BigInt(points * 100);
  if (above <= 0n) return 0;
  if (above >= width) return Number(most);
  return Number((2n * most * above + width) / (2n * width));
}

/** `12.3` from 1230, as the published files write points. */
export const decimal = (hundredths: number): string => {
  const sign = hundredths < 0 ? '-' : '';
  const [whole, part] = [Math.floor(Math.abs(hundredths) / 100), Math.abs(hundredths) % 100];
  if (part === 0) return `${sign}${whole}`;
  return `${sign}${whole}.${String(part).padStart(2, '0').replace(/0$/, '')}`;
};

export const ACHIEVEMENT_HEADER = ['PRACTICE_CODE', 'INDICATOR_CODE', 'MEASURE', 'VALUE'];

export function* achievementRows(results: readonly Result[]): Generator<Cell[]> {
  for (const result of results) {
    const { code } = result.practice;
    yield [code, REGISTER.code, 'REGISTER', result.register];
    yield [code, REGISTER.code, 'ACHIEVED_POINTS', REGISTER.points];
    for (const { indicator, numerator, denominator, exceptions, hundredths } of result.indicators) {
      yield [code, indicator.code, 'NUMERATOR', numerator];
      yield [code, indicator.code, 'DENOMINATOR', denominator];
      yield [code, indicator.code, 'EXCEPTIONS', exceptions];
      yield [code, indicator.code, 'ACHIEVED_POINTS', decimal(hundredths)];
    }
  }
}

export const PRACTICE_HEADER = [
  'PRACTICE_CODE',
  'PRACTICE_NAME',
  'REGION_CODE',
  'AREA_TEAM_CODE',
  'CCG_CODE',
  'CCG_NAME',
  'PRACTICE_LIST_SIZE',
  'REGISTER',
  'TOTAL_ACHIEVED_POINTS',
  'TOTAL_EXCEPTIONS',
  'TOTAL_DENOMINATORS',
];

export function practiceRow({ practice, list, register, indicators }: Result): Cell[] {
  const sum = (value: (one: Result['indicators'][number]) => number): number =>
    indicators.reduce((total, one) => total + value(one), 0);
  const ccg = codes.ccgCode(Number(practice.subIcb.slice(2)));
  const hundredths = REGISTER.points * 100 + sum((one) => one.hundredths);
  return [
    practice.code,
    practice.name,
    practice.icb.region,
    codes.areaTeamCode((practice.icb.number % 20) + 1),
    ccg,
    codes.ccgName(ccg),
    list,
    register,
    decimal(hundredths),
    sum((one) => one.exceptions),
    sum((one) => one.denominator),
  ];
}

export const INDICATOR_HEADER = [
  'INDICATOR_CODE',
  'KIND',
  'POINTS',
  'LOWER_THRESHOLD_PCT',
  'UPPER_THRESHOLD_PCT',
  'DESCRIPTION',
];
export const indicatorRow = (one: Indicator): Cell[] => [
  one.code,
  one.kind,
  one.points,
  one.kind === 'fraction' ? one.lower : '',
  one.kind === 'fraction' ? one.upper : '',
  one.description,
];
