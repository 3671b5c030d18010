import { multiplyRatios, parseDecimal, ratio } from '@attest/money';
import type { CalculationOf, CalculationResult } from './calculation.js';
import { roundMoney } from './money-step.js';

/** Yearly rate × patients × the period's share of the year, such as a twelfth. */
export function capitation(calculation: CalculationOf<'capitation'>, patients: bigint): CalculationResult {
  const { poundsPerPatientPerYear, share } = calculation;
  const pounds = multiplyRatios(
    parseDecimal(poundsPerPatientPerYear),
    ratio(patients),
    ratio(BigInt(share.numerator), BigInt(share.denominator)),
  );
  const money = roundMoney(pounds, 'capitation');
  return {
    pence: money.pence,
    points: null,
    values: [{ indicatorCode: 'LIST', measure: 'REGISTERED_PATIENTS', value: patients.toString() }],
    steps: [
      {
        step: 'capitation',
        registeredPatients: patients.toString(),
        poundsPerPatientPerYear,
        share: `${share.numerator}/${share.denominator}`,
      },
      money.step,
    ],
  };
}
