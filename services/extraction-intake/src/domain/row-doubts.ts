import { ROW_FAULT_CODES, type RowFault } from './row-faults.js';

/** A row that could not be read, so that what it was about is not sure. */
export interface Doubt {
  readonly code: RowFault;
  readonly line: number;
}

/** Faults of rows whose practice is known and has no values here whatever the row says, and what a collector is told. */
const LEAVE_NO_DOUBT: ReadonlySet<RowFault> = new Set<RowFault>([
  'PCN_ROW_NOT_TAKEN',
  'ORGANISATION_NOT_A_PRACTICE',
  'PRACTICE_CLOSED',
  'PRACTICE_NOT_OPEN',
  'UPSTREAM_EVENT_PARKED',
  'FIELD_UNKNOWN',
  'VALUE_MISSING',
  'VALUE_NEGATIVE',
  'VALUE_TOO_LARGE',
  'VALUE_DECIMAL',
  'VALUE_NOT_A_NUMBER',
  'VALUE_DUPLICATE',
  'VALUE_CONTRADICTORY',
]);

/**
 * Rows that could not be read. A field that is not in the file means something only where every row was read that
 * may have been about it: one row without a readable practice may have been about anybody.
 */
export class RowDoubts {
  private everybody: Doubt | undefined;
  private readonly byPractice = new Map<number, Doubt>();

  /** @param practice its place; −1 when the row names none that is known */
  add(practice: number, code: RowFault, line: number): void {
    if (LEAVE_NO_DOUBT.has(code)) return;
    const doubt = { code, line };
    if (practice < 0) this.everybody = firstDoubt(this.everybody, doubt);
    else this.byPractice.set(practice, firstDoubt(this.byPractice.get(practice), doubt));
  }

  about(practice: number): Doubt | undefined {
    return this.byPractice.get(practice) ?? this.everybody;
  }
}

/** By the list of codes, so that the order of rows does not decide. */
export const firstDoubt = (known: Doubt | undefined, other: Doubt): Doubt =>
  known && ROW_FAULT_CODES.indexOf(known.code) <= ROW_FAULT_CODES.indexOf(other.code) ? known : other;
