import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatPounds, parsePence, parsePounds, penceDigits, poundsText } from './pence.js';

const somePence = fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n });

describe('an amount in pounds', () => {
  it.each([
    ['1.55', 155n],
    ['1.5', 150n],
    ['1', 100n],
    ['-0.07', -7n],
    ['0', 0n],
    ['21474836.48', 2_147_483_648n],
  ])('%s is read exactly', (text, pence) => expect(parsePounds(text)).toBe(pence));

  it.each(['1.555', '', '£1', '1,000.00', '.5', '1.', '1e2', '--1', '1 ', 'NaN', '99999999999999999'])(
    '%j is refused, not guessed',
    (text) =>
      expect(() => parsePounds(text)).toThrow(
        expect.objectContaining({ code: 'POUNDS_FORMAT' }) as unknown as Error,
      ),
  );

  it('comes back from a file as it went', () => {
    fc.assert(fc.property(somePence, (pence) => expect(parsePounds(poundsText(pence))).toBe(pence)));
  });

  it.each([
    [628_365n, '£6,283.65'],
    [-7n, '-£0.07'],
    [100_000_000_000n, '£1,000,000,000.00'],
    [0n, '£0.00'],
  ])('%s pence is shown as %s', (pence, text) => expect(formatPounds(pence)).toBe(text));
});

describe('pence in JSON', () => {
  it('come back as they went', () => {
    fc.assert(fc.property(somePence, (pence) => expect(parsePence(penceDigits(pence))).toBe(pence)));
  });

  it.each(['', '1.0', '+1', '1e3', '9'.repeat(19), ' 1'])('%j is refused', (text) =>
    expect(() => parsePence(text)).toThrow(
      expect.objectContaining({ code: 'PENCE_FORMAT' }) as unknown as Error,
    ),
  );

  it('never leave with more digits than the database holds', () => {
    expect(() => penceDigits(10n ** 18n)).toThrow('PENCE_FORMAT');
  });
});
