import { MoneyFormatError } from './money-format.error.js';

/** Money is whole pence. Below zero it is a recovery. */
export type Pence = bigint;

/** Postgres holds pence as int8: more than this is no amount but a fault. */
const MOST_PENCE = 10n ** 18n - 1n;

const POUNDS = /^(-?)(\d{1,16})(?:\.(\d{1,2}))?$/;

/**
 * Pounds as written in a file: `'1.5'` → 150n, `'-0.07'` → −7n. A third decimal is refused, not guessed.
 * @throws MoneyFormatError
 */
export function parsePounds(text: string): Pence {
  const parts = POUNDS.exec(text);
  if (!parts) throw new MoneyFormatError('POUNDS_FORMAT', 'is not an amount in pounds such as 1234.50');
  const pence = BigInt(parts[2]!) * 100n + BigInt((parts[3] ?? '').padEnd(2, '0'));
  return parts[1] === '-' ? -pence : pence;
}

const PENCE = /^-?\d{1,18}$/;

/**
 * Pence from the digits that JSON carries.
 * @throws MoneyFormatError
 */
export function parsePence(digits: string): Pence {
  if (!PENCE.test(digits)) throw new MoneyFormatError('PENCE_FORMAT', 'is not whole pence in digits');
  return BigInt(digits);
}

/**
 * The digits that JSON carries, because bigint has no form there.
 * @throws MoneyFormatError when there are more than 18 digits
 */
export function penceDigits(pence: Pence): string {
  if (pence > MOST_PENCE || pence < -MOST_PENCE)
    throw new MoneyFormatError('PENCE_FORMAT', 'has more than 18 digits');
  return pence.toString();
}

/** For people: 628365n → `£6,283.65`, −7n → `-£0.07`. */
export function formatPounds(pence: Pence): string {
  const amount = poundsText(pence < 0n ? -pence : pence);
  const [pounds = '', rest = ''] = amount.split('.');
  return `${pence < 0n ? '-' : ''}£${pounds.replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`;
}

/** For files: 628365n → `6283.65`; `parsePounds` reads it back. */
export function poundsText(pence: Pence): string {
  const digits = (pence < 0n ? -pence : pence).toString().padStart(3, '0');
  return `${pence < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
