/** A row that was not taken, kept as it came so that it can be repaired. */
export interface RejectedRow {
  readonly line: number;
  readonly code: RejectionCode;
  readonly reason: string;
  readonly original: string;
}

/** Why a row cannot be taken, and what to do about it. */
export const REJECTIONS = {
  ROW_MALFORMED:
    'a quotation mark stands where none may; quote the whole field and double the marks inside it',
  COLUMN_COUNT: 'the row has more or fewer fields than the first line',
  ROW_DUPLICATE: 'an earlier row of this file says this already',
  ROW_CONTRADICTORY: 'another row of this file says something else of the same; nothing of it was changed',
  ROW_BESIDE_FAULTY: 'another row about the same cannot be taken; nothing of it was changed',
  CODE_FORMAT: 'a code is not one letter followed by up to nine letters or digits',
  NAME_MISSING: 'the name is missing',
  NAME_TOO_LONG: 'the name has more than 200 characters',
  DATE_FORMAT:
    'a date is missing, is no date of the calendar written YYYY-MM-DD, or lies in the year 9999: leave an end empty where there is none',
  DATES_REVERSED: 'the row ends before it begins',
  COUNT_FORMAT: 'the number of patients is not a whole number from 0 to 99,999,999',
  SETTING_FORMAT: 'the prescribing setting is not a number',
  STATUS_UNKNOWN: 'the status is none of A, C, D, P',
  PERSON_ID_FORMAT: 'the person id is missing, has spaces or more than 120 characters',
  ROLE_UNKNOWN: 'the role is none that Attest knows',
  ROLE_NOT_THERE: 'the role is held for ENGLAND or not at all',
  ORGANISATION_UNKNOWN: 'the organisation is not known; load the file that names it first',
} as const;
export type RejectionCode = keyof typeof REJECTIONS;

/** Thrown while one row is read; the file goes on. */
export class RowRejected extends Error {
  constructor(
    readonly code: RejectionCode,
    readonly column: string | null = null,
  ) {
    super(code);
  }

  get reason(): string {
    return this.column === null ? REJECTIONS[this.code] : `${this.column}: ${REJECTIONS[this.code]}`;
  }
}
