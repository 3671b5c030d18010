// Design's table of statuses, written out a second time: the checker must not trust the code it checks.
const P = 'AWAITING_PROVIDER_APPROVAL';
const C = 'AWAITING_COMMISSIONER_APPROVAL';
const F = 'AWAITING_FINANCE_APPROVAL';

type Row = readonly [from: string | null, type: string, to: string];

const ROWS: readonly Row[] = [
  [null, 'declaration.opened.v1', P],
  [P, 'declaration.declared.v1', C],
  [C, 'declaration.approved.v1', F],
  [C, 'declaration.refused.v1', P],
  [C, 'declaration.undeclared.v1', P],
  [F, 'declaration.finance-approved.v1', 'FINANCIALLY_APPROVED'],
  [F, 'declaration.settled-nil.v1', 'SETTLED_NIL'],
  [F, 'declaration.finance-refused.v1', C],
  ...[P, C, F, 'FINANCIALLY_APPROVED', 'SETTLED_NIL'].map((from): Row => [
    from,
    'declaration.reopened.v1',
    P,
  ]),
  ...[C, F, 'FINANCIALLY_APPROVED', 'SETTLED_NIL'].map((from): Row => [from, 'declaration.reverted.v1', P]),
  ['FINANCIALLY_APPROVED', 'declaration.confirmed.v1', 'RELEASING'],
  ['RELEASING', 'declaration.sent.v1', 'SENT_TO_AGENCY'],
  ['RELEASING', 'declaration.not-included.v1', 'FINANCIALLY_APPROVED'],
  ['RELEASING', 'declaration.netted.v1', 'PAID'],
  ['SENT_TO_AGENCY', 'declaration.paid.v1', 'PAID'],
  ['SENT_TO_AGENCY', 'declaration.rejected.v1', 'REJECTED_BY_AGENCY'],
  ['PAID', 'declaration.returned.v1', 'REJECTED_BY_AGENCY'],
  ['REJECTED_BY_AGENCY', 'declaration.corrected.v1', 'FINANCIALLY_APPROVED'],
  ...[P, C, F, 'REJECTED_BY_AGENCY'].map((from): Row => [from, 'declaration.lapsed.v1', 'LAPSED']),
  ...[P, C, F].map((from): Row => [from, 'declaration.settled-outside.v1', 'SETTLED_OUTSIDE']),
];

/** Facts that leave the status where it is. */
const STAYS = new Set([
  'declaration.refigured.v1',
  'declaration.held.v1',
  'declaration.released.v1',
  'declaration.hold-escalated.v1',
  'declaration.figure-kept.v1',
  'declaration.confirm-refused.v1',
  'declaration.tier-approved.v1',
  'declaration.needs-resolution.v1',
  'declaration.late-admitted.v1',
]);

const allowed = new Set(ROWS.map(([from, type, to]) => `${from}|${type}|${to}`));

/** Whether the table knows this step. */
export function isInTable(from: string | null, type: string, to: string): boolean {
  return from === to && type !== 'declaration.opened.v1' && STAYS.has(type)
    ? true
    : allowed.has(`${from}|${type}|${to}`);
}
