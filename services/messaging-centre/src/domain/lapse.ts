import type { NotApplicableCode } from '@attest/contracts';

/** By the codes of `achievement.not-applicable.v1`; people read words. */
const NOTHING_TO_PAY: Readonly<Record<NotApplicableCode, string>> = {
  SERVICE_NOT_RUNNING: 'the achievement date lies outside the dates of the service',
  NOT_PARTICIPATING: 'no accepted participation covers the achievement date',
  NO_MEMBERS: 'the PCN had no member practice at the achievement date',
  PAGE_MISSING: 'not everybody whose values count has sent them yet',
  VALUE_MISSING: 'a value that the service requires was not sent',
  LIST_SIZE_MISSING: 'no list size is known on or before the achievement date for everybody who counts',
};

/** A code that came later than these words is shown as it is: better than no reason. */
export const whyNothingToPay = (code: string | null): string | null =>
  code === null ? null : isKnown(code) ? NOTHING_TO_PAY[code] : code;

const isKnown = (code: string): code is NotApplicableCode => Object.hasOwn(NOTHING_TO_PAY, code);
