import type { LondonDate, Period } from '@attest/calendar';

/** A practice is a member of a PCN on the dates `[from, to)`. */
export interface Spell extends Period {
  readonly pcnCode: string;
}

/** A spell of a named practice, as a PCN lists its members. */
export interface MemberSpell extends Period {
  readonly practiceCode: string;
}

/** Two ends of which null is the latest. */
export const earlierEnd = (a: LondonDate | null, b: LondonDate | null): LondonDate | null =>
  a === null ? b : b === null ? a : a < b ? a : b;

export const laterEnd = (a: LondonDate | null, b: LondonDate | null): LondonDate | null =>
  a === null || b === null ? null : a > b ? a : b;

export const isAfter = (end: LondonDate | null, date: LondonDate): boolean => end === null || end > date;
