import type { RulePack } from '@attest/contracts';
import { addRatios, multiplyRatios, parseDecimal, ratio, type Ratio } from '@attest/money';
import type { CalculationOf, CalculationResult, DeclaredValueText } from './calculation.js';
import { roundMoney } from './money-step.js';
import { placeOf, type PageValues } from './page-values.js';
import type { CalculationStep } from './steps.js';

/** Σ fee × valid items. */
export function itemOfService(
  pack: RulePack,
  calculation: CalculationOf<'item-of-service'>,
  page: PageValues,
): CalculationResult {
  let pounds: Ratio = ratio(0n);
  const values: DeclaredValueText[] = [];
  const steps: CalculationStep[] = [];
  for (const { indicatorCode, fieldName, feePounds } of calculation.items) {
    const count = page[placeOf(pack, indicatorCode, fieldName)] ?? null;
    steps.push({ step: 'item', indicatorCode, fieldName, count: count?.toString() ?? null, feePounds });
    if (count === null) continue;
    pounds = addRatios(pounds, multiplyRatios(parseDecimal(feePounds), ratio(count)));
    values.push({ indicatorCode, measure: fieldName, value: count.toString() });
  }
  const money = roundMoney(pounds, 'fees');
  return { pence: money.pence, points: null, values, steps: [...steps, money.step] };
}
