import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MoneyFormatError } from './money-format.error.js';
import {
  addRatios,
  clampRatio,
  compareRatios,
  divideRatios,
  formatRatio,
  multiplyRatios,
  parseDecimal,
  ratio,
  roundRatio,
  subtractRatios,
} from './ratio.js';

const aRatio = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
  .map(([n, d]) => ratio(n, d));

describe('a decimal', () => {
  it.each([
    ['0.729', 729n, 1000n],
    ['1.50', 3n, 2n],
    ['-0.1', -1n, 10n],
    ['0', 0n, 1n],
    ['156.92', 3923n, 25n],
  ])('%s is exact', (text, numerator, denominator) =>
    expect(parseDecimal(text)).toEqual({ numerator, denominator }),
  );

  it.each(['', '.5', '5.', '1e3', '1,000', '+1', ' 1', '0x1', '١', '1.0000000000001', 'NaN'])(
    '%j is refused, not guessed',
    (text) => expect(() => parseDecimal(text)).toThrow(MoneyFormatError),
  );

  it('is written as it was read', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
        fc.integer({ min: 1, max: 8 }),
        (digits, places) => {
          const text = formatRatio(ratio(digits, 10n ** BigInt(places)), places);
          expect(roundRatio(multiplyRatios(parseDecimal(text), ratio(10n ** BigInt(places))))).toBe(digits);
        },
      ),
    );
  });
});

describe('ratios', () => {
  it('add and take away exactly', () => {
    fc.assert(fc.property(aRatio, aRatio, (a, b) => expect(subtractRatios(addRatios(a, b), b)).toEqual(a)));
  });

  it('multiply and divide exactly', () => {
    fc.assert(
      fc.property(
        aRatio,
        aRatio.filter((r) => r.numerator !== 0n),
        (a, b) => expect(divideRatios(multiplyRatios(a, b), b)).toEqual(a),
      ),
    );
  });

  it('compare as their difference says', () => {
    fc.assert(
      fc.property(aRatio, aRatio, (a, b) => {
        const { numerator } = subtractRatios(a, b);
        expect(compareRatios(a, b)).toBe(numerator > 0n ? 1 : numerator < 0n ? -1 : 0);
      }),
    );
  });

  it('are kept between bounds', () => {
    const [low, high] = [ratio(0n), ratio(38n)];
    expect(clampRatio(ratio(-1n, 3n), low, high)).toEqual(low);
    expect(clampRatio(ratio(77n, 2n), low, high)).toEqual(high);
    expect(clampRatio(ratio(1n, 3n), low, high)).toEqual(ratio(1n, 3n));
  });

  it.each([
    [76n, 3n, 2, '25.33'],
    [1n, 200n, 2, '0.01'],
    [-1n, 200n, 2, '-0.01'],
    [-1n, 1000n, 2, '0.00'],
    [7n, 2n, 0, '4'],
  ])('%s/%s at %s places is %s', (n, d, places, text) => expect(formatRatio(ratio(n, d), places)).toBe(text));

  it('keep the sign above', () => expect(ratio(3n, -6n)).toEqual({ numerator: -1n, denominator: 2n }));
  it('refuse a denominator of 0', () => expect(() => ratio(1n, 0n)).toThrow(RangeError));
});
