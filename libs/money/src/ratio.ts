import { MoneyFormatError } from './money-format.error.js';
import { divideHalfUp } from './rounding.js';

/** An exact number: numerator over a denominator above 0, in lowest terms. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
};

/** @throws RangeError when the denominator is 0 */
export function ratio(numerator: bigint, denominator = 1n): Ratio {
  if (denominator === 0n) throw new RangeError('a ratio needs a denominator other than 0');
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = gcd(numerator, denominator) || 1n;
  return { numerator: (sign * numerator) / divisor, denominator: (sign * denominator) / divisor };
}

const DECIMAL = /^(-?)(\d{1,18})(?:\.(\d{1,12}))?$/;

/**
 * A decimal as it is written: `'0.729'` → 729/1000.
 * @throws MoneyFormatError for anything but plain digits with at most one point
 */
export function parseDecimal(text: string): Ratio {
  const parts = DECIMAL.exec(text);
  if (!parts) throw new MoneyFormatError('DECIMAL_FORMAT', 'is not a decimal such as 0.729');
  const fraction = parts[3] ?? '';
  const digits = BigInt(parts[2]! + fraction);
  return ratio(parts[1] === '-' ? -digits : digits, 10n ** BigInt(fraction.length));
}

export const addRatios = (a: Ratio, b: Ratio): Ratio =>
  ratio(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);

export const subtractRatios = (a: Ratio, b: Ratio): Ratio =>
  addRatios(a, { numerator: -b.numerator, denominator: b.denominator });

export const multiplyRatios = (...factors: readonly Ratio[]): Ratio =>
  ratio(
    factors.reduce((product, f) => product * f.numerator, 1n),
    factors.reduce((product, f) => product * f.denominator, 1n),
  );

/** @throws RangeError when the divisor is 0 */
export const divideRatios = (a: Ratio, b: Ratio): Ratio =>
  ratio(a.numerator * b.denominator, a.denominator * b.numerator);

/** Below 0, 0 or above 0, as a lies below, at or above b. */
export function compareRatios(a: Ratio, b: Ratio): -1 | 0 | 1 {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export const clampRatio = (value: Ratio, low: Ratio, high: Ratio): Ratio =>
  compareRatios(value, low) < 0 ? low : compareRatios(value, high) > 0 ? high : value;

/** To a whole number, half away from zero. */
export const roundRatio = (value: Ratio): bigint => divideHalfUp(value.numerator, value.denominator);

/** To so many decimal places, half away from zero, as text: 76/3 at 2 places → `'25.33'`. */
export function formatRatio(value: Ratio, places: number): string {
  const scaled = divideHalfUp(value.numerator * 10n ** BigInt(places), value.denominator);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0');
  const sign = scaled < 0n ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
