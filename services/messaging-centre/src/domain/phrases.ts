import type { LondonDate } from '@attest/calendar';

/** £1,234.56 from pence; a minus sign stands before the pound. */
export function pounds(pence: bigint): string {
  const digits = (pence < 0n ? -pence : pence).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${pence < 0n ? '-' : ''}£${whole}.${digits.slice(-2)}`;
}

export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en-GB')} ${n === 1 ? one : many}`;

const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** 24 August 2026 */
export const day = (date: LondonDate): string => DAY.format(new Date(`${date}T00:00:00Z`));
