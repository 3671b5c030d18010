/** Why a run ended without a line. */
export type NotIncludedCode =
  | 'NOT_ANSWERED'
  | 'AMOUNT_MOVED'
  | 'NOTHING_OWED'
  | 'PAYEE_MISSING'
  | 'SERVICE_UNKNOWN'
  | 'AGENCY_UNKNOWN'
  | 'CALENDAR_MISSING'
  | 'UPSTREAM_EVENT_PARKED'
  | 'PERIOD_FROZEN'
  | 'RUN_FORGOTTEN'
  | 'LINE_STANDS_ALREADY'
  | 'RECOVERED_ALREADY'
  | 'NO_LONGER_APPROVED';

/** What it means, and what follows. Codes of declaration-workflow's refusals are not among them. */
const WORDS: Readonly<Record<NotIncludedCode, string>> = {
  NOT_ANSWERED: 'It was not confirmed in time. It goes into the next run.',
  AMOUNT_MOVED: 'What is owed is no longer what was signed. It must be signed again.',
  NOTHING_OWED: 'Nothing is owed on this account now. Nothing was paid.',
  PAYEE_MISSING:
    'Nobody is known to be paid for this provider. Register its payee; it goes into the next run.',
  SERVICE_UNKNOWN: 'Its service is not known here. Publish the service again; it goes into the next run.',
  AGENCY_UNKNOWN: 'The agency of its service is not known. Publish the agency; it goes into the next run.',
  CALENDAR_MISSING:
    'The calendar of its service has no entry for this achievement date. Publish one; it goes into the next run.',
  UPSTREAM_EVENT_PARKED:
    'An event that it depends on could not be read. An operator repairs and replays it; then it goes into the next run.',
  PERIOD_FROZEN:
    'Its service and period were frozen before its line was sealed. It can be paid after they are thawed.',
  RUN_FORGOTTEN:
    'Its run was forgotten when the database of payments was restored, and had sealed nothing. It goes into the next run.',
  LINE_STANDS_ALREADY: 'This attempt stands in a sealed file already. It is not paid again.',
  RECOVERED_ALREADY:
    'A recovery of the same achievement was taken over, or settled outside, before declarations were restored from a backup. It is not taken twice: compare the account, then settle this one outside.',
  NO_LONGER_APPROVED: 'It was no longer approved when the run came to it. The declaration says why.',
};

export function notIncludedWords(code: string): string {
  return isOurs(code)
    ? WORDS[code]
    : 'It was not confirmed for this run. Look at the declaration: it says why and what to do.';
}

const isOurs = (code: string): code is NotIncludedCode => Object.hasOwn(WORDS, code);
