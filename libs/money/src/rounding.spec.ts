import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { divideHalfUp } from './rounding.js';

const whole = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const divisor = whole.filter((n) => n !== 0n);
const abs = (n: bigint): bigint => (n < 0n ? -n : n);

describe('divideHalfUp', () => {
  it.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [4n, 3n, 1n],
    [49n, 100n, 0n],
    [50n, 100n, 1n],
    [-49n, 100n, 0n],
    [0n, 7n, 0n],
  ])('%s ÷ %s is %s', (n, d, expected) => expect(divideHalfUp(n, d)).toBe(expected));

  // Source: QOF 2025/26, HYP008 at 70 % with APDF 1.1: 38 points × 30/45 × £225.49 × 1.1.
  it('gives £6,283.65 in the published worked example', () => {
    expect(divideHalfUp(38n * 30n * 22_549n * 11n, 45n * 10n)).toBe(628_365n);
  });

  it('is never further off than a half, and the half goes away from zero', () => {
    fc.assert(
      fc.property(whole, divisor, (n, d) => {
        const rounded = divideHalfUp(n, d);
        const twiceOff = 2n * (rounded * d - n);
        expect(abs(twiceOff) <= abs(d)).toBe(true);
        if (abs(twiceOff) === abs(d)) expect(abs(rounded * d) > abs(n)).toBe(true);
      }),
    );
  });

  it('takes back exactly what it paid', () => {
    fc.assert(fc.property(whole, divisor, (n, d) => expect(divideHalfUp(-n, d)).toBe(-divideHalfUp(n, d))));
  });

  it('refuses a denominator of 0', () => expect(() => divideHalfUp(1n, 0n)).toThrow(RangeError));
});
