import { multiplyRatios, ratio, roundRatio, type Ratio } from '@attest/money';
import type { MoneyStep } from './steps.js';

const PENCE_IN_A_POUND = ratio(100n);

/** Rounds an exact amount in pounds to the penny, once, half-up, and says so. */
export function roundMoney(
  pounds: Ratio,
  from: MoneyStep['from'],
  poundsPerPoint: string | null = null,
): { pence: bigint; step: MoneyStep } {
  const exact = multiplyRatios(pounds, PENCE_IN_A_POUND);
  const pence = roundRatio(exact);
  return {
    pence,
    step: {
      step: 'money',
      from,
      poundsPerPoint,
      exactPence: `${exact.numerator}/${exact.denominator}`,
      pence: pence.toString(),
    },
  };
}
