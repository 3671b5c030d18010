import type { RulePack } from '@attest/contracts';
import {
  addRatios,
  clampRatio,
  compareRatios,
  divideRatios,
  formatRatio,
  multiplyRatios,
  parseDecimal,
  ratio,
  subtractRatios,
  type Ratio,
} from '@attest/money';
import {
  ACHIEVED_POINTS,
  type CalculationOf,
  type CalculationResult,
  type DeclaredValueText,
} from './calculation.js';
import { roundMoney } from './money-step.js';
import { placeOf, type PageValues } from './page-values.js';
import type { CalculationStep, FractionStep, RegisterStep } from './steps.js';

type Indicator = CalculationOf<'sliding-points'>['indicators'][number];
type Of<K extends Indicator['kind']> = Extract<Indicator, { kind: K }>;
interface Achieved {
  readonly exact: Ratio;
  readonly step: RegisterStep | FractionStep;
  readonly counts: readonly (readonly [field: string, value: bigint | null])[];
}

/** Points are published at two decimals; 24,168 published results prove it (QOF asthma 2014/15). */
const POINT_PLACES = 2;
const NONE = ratio(0n);
const PERCENT = ratio(100n);

/** Each indicator's points, rounded once; their sum; money from the rounded or the exact points, as the pack says. */
export function slidingPoints(
  pack: RulePack,
  calculation: CalculationOf<'sliding-points'>,
  page: PageValues,
): CalculationResult {
  let exact = NONE;
  let rounded = NONE;
  const values: DeclaredValueText[] = [];
  const steps: CalculationStep[] = [];
  for (const indicator of calculation.indicators) {
    const { indicatorCode } = indicator;
    const valueOf = (field: string): bigint | null => page[placeOf(pack, indicatorCode, field)] ?? null;
    const achieved =
      indicator.kind === 'register' ? registerPoints(indicator, valueOf) : fractionPoints(indicator, valueOf);
    const points = achieved.step.points;
    exact = addRatios(exact, achieved.exact);
    rounded = addRatios(rounded, parseDecimal(points));
    steps.push(achieved.step);
    for (const [measure, value] of achieved.counts)
      if (value !== null) values.push({ indicatorCode, measure, value: value.toString() });
    values.push({ indicatorCode, measure: ACHIEVED_POINTS, value: points });
  }
  const points = formatRatio(rounded, POINT_PLACES);
  const paidFrom = calculation.moneyFrom === 'rounded-points' ? rounded : exact;
  const pounds = multiplyRatios(paidFrom, parseDecimal(calculation.poundsPerPoint));
  const money = roundMoney(pounds, calculation.moneyFrom, calculation.poundsPerPoint);
  return { pence: money.pence, points, values, steps: [...steps, { step: 'points', points }, money.step] };
}

function registerPoints(
  { indicatorCode, points, registerField }: Of<'register'>,
  valueOf: (field: string) => bigint | null,
): Achieved {
  const register = valueOf(registerField);
  const exact = register !== null && register > 0n ? parseDecimal(points) : NONE;
  return {
    exact,
    counts: [[registerField, register]],
    step: {
      step: 'register',
      indicatorCode,
      register: register?.toString() ?? null,
      maxPoints: points,
      points: formatRatio(exact, POINT_PLACES),
    },
  };
}

function fractionPoints(indicator: Of<'fraction'>, valueOf: (field: string) => bigint | null): Achieved {
  const { indicatorCode, points, lowerPct, upperPct, numeratorField, denominatorField } = indicator;
  const numerator = valueOf(numeratorField);
  const denominator = valueOf(denominatorField);
  const { exact, percentage, outcome } = slide(indicator, numerator, denominator);
  return {
    exact,
    counts: [
      [numeratorField, numerator],
      [denominatorField, denominator],
    ],
    step: {
      step: 'fraction',
      indicatorCode,
      numerator: numerator?.toString() ?? null,
      denominator: denominator?.toString() ?? null,
      percentage: percentage === null ? null : formatRatio(percentage, 2),
      lowerPct,
      upperPct,
      maxPoints: points,
      points: formatRatio(exact, POINT_PLACES),
      outcome,
    },
  };
}

function slide(
  { points, lowerPct, upperPct }: Of<'fraction'>,
  numerator: bigint | null,
  denominator: bigint | null,
): { exact: Ratio; percentage: Ratio | null; outcome: FractionStep['outcome'] } {
  if (numerator === null || denominator === null)
    return { exact: NONE, percentage: null, outcome: 'not-given' };
  // Nobody to treat earns nothing: 24 of 24 published results with an empty denominator have 0 points.
  if (denominator === 0n) return { exact: NONE, percentage: null, outcome: 'empty-denominator' };
  const [most, lower, upper] = [parseDecimal(points), parseDecimal(lowerPct), parseDecimal(upperPct)];
  const percentage = multiplyRatios(PERCENT, ratio(numerator, denominator));
  const share = divideRatios(subtractRatios(percentage, lower), subtractRatios(upper, lower));
  const exact = clampRatio(multiplyRatios(most, share), NONE, most);
  const outcome =
    compareRatios(percentage, lower) <= 0
      ? 'below-lower'
      : compareRatios(percentage, upper) >= 0
        ? 'full'
        : 'sliding';
  return { exact, percentage, outcome };
}
