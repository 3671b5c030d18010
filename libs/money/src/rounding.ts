/**
 * numerator ÷ denominator to the nearest whole number, a half away from zero: 5/2 → 3, −5/2 → −3.
 * So a recovery is rounded exactly as the payment it takes back was. The only place where Attest rounds.
 * @throws RangeError when the denominator is 0
 */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('a number cannot be divided by 0');
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}
