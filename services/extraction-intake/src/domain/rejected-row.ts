import type { RowFault } from './row-faults.js';

/** A row, or a page, that was not taken. `text` is the row as it was sent. */
export interface RejectedRow {
  readonly line: number;
  readonly code: RowFault;
  readonly text: string;
  /** What the code is about, where a code alone would not do. */
  readonly detail: string | null;
  /** Of a value that was given before: what it is shows when the whole file was read. */
  readonly about?: RepeatedValue;
}

/** A value that another row of its file had given before. */
export interface RepeatedValue {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly practice: number;
  readonly field: number;
  readonly submitted: number;
}
