/** What has to be met in a long run, and how often: sequences that never get anywhere agree on everything. */
export const MEETINGS: readonly (readonly [what: string, atLeast: number])[] = [
  ['RELEASING go-on done', 6],
  ['SENT_TO_AGENCY go-on done', 6],
  ['AWAITING_PROVIDER_APPROVAL join-or-keep done', 6],
  // Few get as far as being paid, and then come back.
  ['PAID returned done', 1],
  ['declared late', 6],
  ['confirmed late', 1],
  ['admitted', 1],
  ['refused NOT_YET_OPEN', 1],
  ['refused LATE_REASON_MISSING', 1],
  ['refused LATE_FOR_THIS_CUT_OFF', 6],
  ['refused NOT_IN_LATE_QUEUE', 6],
  ['refused CUT_OFF_PASSED', 1],
  ['one tier of several signed', 6],
  ['route of 2 signed', 6],
  ['route of 3 signed', 1],
  ['finance not asked', 1],
  ['refused TIER_NOT_DUE', 1],
];
