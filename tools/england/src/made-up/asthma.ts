// @ts-nocheck
// QOF asthma 2014/15 of a made-up England: registers, numerators, denominators, and the points that follow.
import * as codes from './codes.js';
import * as shape from './shape.js';

/** Points and thresholds as they were; the descriptions are ours. */
export const INDICATORS = [
  { code: 'AST001', kind: 'register', points: 4, description: 'A register of patients with asthma' },
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
];

const LISTS_2014 = [
  [0, 155],
  [0.01, 1378],
  [0.1, 2456],
  [0.25, 3710],
  [0.5, 6108],
  [0.75, 9357],
  [0.9, 12_653],
  [0.99, 20_046],
  [1, 50_000],
];
const REGISTER_SHARE = [
  [0, 0.007],
  [0.01, 0.025],
  [0.1, 0.041],
  [0.25, 0.05],
  [0.5, 0.059],
  [0.75, 0.068],
  [0.9, 0.076],
  [0.99, 0.094],
  [1, 0.16],
];
const SHARES = {
  AST002: {
    denominator: [
      [0, 0.02],
      [0.01, 0.117],
      [0.1, 0.17],
      [0.5, 0.245],
      [0.9, 0.36],
      [1, 0.9],
    ],
    numerator: [
      [0, 0],
      [0.01, 0.669],
      [0.05, 0.788],
      [0.25, 0.844],
      [0.5, 0.894],
      [0.9, 0.973],
      [1, 1],
    ],
    exceptions: [
      [0, 0],
      [0.1, 0],
      [0.5, 0.032],
      [0.9, 0.108],
      [1, 0.4],
    ],
  },
  AST003: {
    denominator: [
      [0, 0.4],
      [0.01, 0.653],
      [0.1, 0.832],
      [0.5, 0.972],
      [0.9, 0.992],
      [1, 1],
    ],
    numerator: [
      [0, 0.05],
      [0.01, 0.462],
      [0.05, 0.634],
      [0.1, 0.687],
      [0.5, 0.761],
      [0.9, 0.861],
      [1, 1],
    ],
    exceptions: [
      [0, 0],
      [0.1, 0.007],
      [0.5, 0.028],
      [0.9, 0.2],
      [1, 0.6],
    ],
  },
  AST004: {
    denominator: [
      [0, 0],
      [0.01, 0.018],
      [0.1, 0.042],
      [0.5, 0.066],
      [0.9, 0.094],
      [1, 0.2],
    ],
    numerator: [
      [0, 0],
      [0.01, 0.6],
      [0.05, 0.781],
      [0.25, 0.85],
      [0.5, 0.9],
      [0.8, 1],
      [1, 1],
    ],
    exceptions: [
      [0, 0],
      [0.6, 0],
      [0.9, 0.143],
      [1, 0.5],
    ],
  },
};

/** @param {import('./practices.js').Fates} fates */
export function makeAsthma(chance, { july, openInAutumn2024, closedWithSpells, active, dormant, closed }) {
  const since = (day) => (one) => one.openOn <= '2014-03-31' && (one.closeOn === '' || one.closeOn >= day);
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

function resultOf(chance, practice) {
  const list = practice.patients
    ? Math.max(155, Math.floor(practice.patients * (0.7 + 0.25 * chance.part())))
    : Math.floor(chance.between(LISTS_2014));
  const register = Math.max(1, Math.floor(list * chance.between(REGISTER_SHARE)));
  const indicators = INDICATORS.filter(({ kind }) => kind === 'fraction').map((indicator) => {
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
export function hundredthsOf({ points, lower, upper }, numerator, denominator) {
  if (denominator === 0) return 0;
  const above = BigInt(100 * numerator - lower * denominator);
  const width = BigInt((upper - lower) * denominator);
  const most = BigInt(points * 100);
  if (above <= 0n) return 0;
  if (above >= width) return Number(most);
  return Number((2n * most * above + width) / (2n * width));
}

/** `12.3` from 1230, as the published files write points. */
export const decimal = (hundredths) => {
  const sign = hundredths < 0 ? '-' : '';
  const [whole, part] = [Math.floor(Math.abs(hundredths) / 100), Math.abs(hundredths) % 100];
  if (part === 0) return `${sign}${whole}`;
  return `${sign}${whole}.${String(part).padStart(2, '0').replace(/0$/, '')}`;
};

export const ACHIEVEMENT_HEADER = ['PRACTICE_CODE', 'INDICATOR_CODE', 'MEASURE', 'VALUE'];

export function* achievementRows(results) {
  const [register] = INDICATORS;
  for (const result of results) {
    const { code } = result.practice;
    yield [code, register.code, 'REGISTER', result.register];
    yield [code, register.code, 'ACHIEVED_POINTS', register.points];
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

export function practiceRow({ practice, list, register, indicators }) {
  const sum = (value) => indicators.reduce((total, one) => total + value(one), 0);
  const ccg = codes.ccgCode(Number(practice.subIcb.slice(2)));
  const hundredths = INDICATORS[0].points * 100 + sum((one) => one.hundredths);
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
export const indicatorRow = ({ code, kind, points, lower = '', upper = '', description }) => [
  code,
  kind,
  points,
  lower,
  upper,
  description,
];
