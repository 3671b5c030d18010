import type { RowFault } from './row-faults.js';

const DIGIT_0 = 48;
const DOT = 46;
const MINUS = 45;
export const LARGEST_VALUE = 999_999_999;

/** Results below 0 stand for a fault, so that the hot path makes no objects. */
const VALUE_FAULTS: readonly RowFault[] = [
  'VALUE_MISSING',
  'VALUE_NEGATIVE',
  'VALUE_TOO_LARGE',
  'VALUE_DECIMAL',
  'VALUE_NOT_A_NUMBER',
];
const MISSING = -1;
const NEGATIVE = -2;
const TOO_LARGE = -3;
const DECIMAL = -4;
const NOT_A_NUMBER = -5;

/** A whole number of 0 to 999,999,999; below 0 for a fault, see `valueFault`. */
export function readValue(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return MISSING;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - DIGIT_0;
    if (digit < 0 || digit > 9) return whyNot(bytes, start, end);
    // Stops growing where it is too large anyway, so that it stays exact.
    if (value <= LARGEST_VALUE) value = value * 10 + digit;
  }
  return value > LARGEST_VALUE ? TOO_LARGE : value;
}

export const valueFault = (result: number): RowFault => VALUE_FAULTS[-result - 1]!;

function whyNot(bytes: Uint8Array, start: number, end: number): number {
  let digits = 0;
  let dots = 0;
  const negative = bytes[start] === MINUS;
  for (let i = negative ? start + 1 : start; i < end; i++) {
    const c = bytes[i]!;
    if (c === DOT) dots++;
    else if (c >= DIGIT_0 && c <= DIGIT_0 + 9) digits++;
    else return NOT_A_NUMBER;
  }
  if (digits === 0 || dots > 1) return NOT_A_NUMBER;
  return negative ? NEGATIVE : DECIMAL;
}

/** Digits only, as a number; −1 for anything else. At most 15 of them. */
export function readDigits(bytes: Uint8Array, start: number, end: number): number {
  if (start === end) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i]! - DIGIT_0;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const SLASH = 47;
const COLON = 58;

/** `dd/mm/yyyy` and `HH:MM:SS` as the number yyyymmddHHMMSS, which orders as the times do; −1 when they are none. */
export function readSubmission(
  bytes: Uint8Array,
  date: number,
  dateEnd: number,
  time: number,
  timeEnd: number,
): number {
  if (dateEnd - date !== 10 || bytes[date + 2] !== SLASH || bytes[date + 5] !== SLASH) return -1;
  if (timeEnd - time !== 8 || bytes[time + 2] !== COLON || bytes[time + 5] !== COLON) return -1;
  const day = readDigits(bytes, date, date + 2);
  const month = readDigits(bytes, date + 3, date + 5);
  const year = readDigits(bytes, date + 6, dateEnd);
  const hour = readDigits(bytes, time, time + 2);
  const minute = readDigits(bytes, time + 3, time + 5);
  const second = readDigits(bytes, time + 6, timeEnd);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1;
  if (!isDate(year, month, day)) return -1;
  return ((year * 100 + month) * 100 + day) * 1e6 + hour * 10_000 + minute * 100 + second;
}

/** Whether yyyymmdd is a day of the calendar. */
export const isDateNumber = (date: number): boolean =>
  isDate(Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100);

function isDate(year: number, month: number, day: number): boolean {
  if (year < 1900 || month < 1 || month > 12 || day < 1) return false;
  return (
    day <=
    (month === 2
      ? leap(year)
        ? 29
        : 28
      : month === 4 || month === 6 || month === 9 || month === 11
        ? 30
        : 31)
  );
}

const leap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** `2026-07-31` → 20260731. */
export const dateNumber = (date: string): number => Number(date.replaceAll('-', ''));

/** How many digits there are; an NHS number has ten. */
export function countDigits(bytes: Uint8Array, start: number, end: number): number {
  let digits = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c >= DIGIT_0 && c <= DIGIT_0 + 9) digits++;
  }
  return digits;
}
