import { addDays, isLondonDate, type LondonDate } from '@attest/calendar';
import { ODS_CODE } from '@attest/contracts';
import { RESERVED_CODES } from '../register/ground.js';
import { RowRejected } from './rejected-row.js';

const MAX_NAME_CHARACTERS = 200;
const COUNT = /^\d{1,8}$/;

/** One field of a row, or RowRejected naming its column. */
export function code(text: string, column: string): string {
  if (!ODS_CODE.test(text)) throw new RowRejected('CODE_FORMAT', column);
  return text;
}

/** The code of an organisation that the row itself describes. */
export function ownCode(text: string, column: string): string {
  if (RESERVED_CODES.has(text)) throw new RowRejected('CODE_FORMAT', column);
  return code(text, column);
}

export const codeOrNull = (text: string, column: string): string | null =>
  text === '' ? null : code(text, column);

export function name(text: string, column: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new RowRejected('NAME_MISSING', column);
  if (trimmed.length > MAX_NAME_CHARACTERS) throw new RowRejected('NAME_TOO_LONG', column);
  return trimmed;
}

export function date(text: string, column: string): LondonDate {
  if (!isLondonDate(text)) throw new RowRejected('DATE_FORMAT', column);
  return text;
}

export const dateOrNull = (text: string, column: string): LondonDate | null =>
  text === '' ? null : date(text, column);

/** The Organisation Data Service names the last day; we hold `[from, to)`, so `to` is the day after it. */
export function dayAfterLast(text: string, column: string): LondonDate | null {
  const last = dateOrNull(text, column);
  return last === null ? null : addDays(last, 1);
}

export function count(text: string, column: string): number {
  if (!COUNT.test(text)) throw new RowRejected('COUNT_FORMAT', column);
  return Number(text);
}

/** @throws RowRejected when a period ends at or before its start */
export function inOrder(from: LondonDate | null, to: LondonDate | null, column: string): void {
  if (from !== null && to !== null && to <= from) throw new RowRejected('DATES_REVERSED', column);
}
