import type { PracticeRecord } from './records.js';
import { newestOf } from './newest.js';

/**
 * Prescribing settings of who has registered patients: general practices (4), and walk-in centres (1, 3), some of which
 * have lists: two are in QOF 2014/15, six in the payments of 2022/23.
 */
const WITH_LISTS: ReadonlySet<number> = new Set([1, 3, 4]);

/** Practices in Wales have English codes in the file; Wales pays them itself. */
const WALES = 'W00';

export type Standing = 'registered' | 'not-a-practice' | 'not-in-england';

/** Whether Attest knows a practice: by its setting, or because another file names it. */
export function standingOf(oldestFirst: readonly PracticeRecord[]): Standing {
  if (newestOf(oldestFirst, (r) => r.regionCode) === WALES) return 'not-in-england';
  const named = oldestFirst.some((record) => record.source !== 'practices');
  const setting = newestOf(oldestFirst, (r) => r.prescribingSetting);
  return named || (setting !== null && WITH_LISTS.has(setting)) ? 'registered' : 'not-a-practice';
}
