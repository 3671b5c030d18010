import type { DeclarationFact, DeclarationState, DeclarationStatus } from '@attest/contracts';
import { IllegalTransitionError, RoleNotAllowedError } from './declaration.errors.js';

export type Actor = DeclarationFact['actor'];
export type Kind = DeclarationState['kind'];

export const ACTIONS = [
  'open',
  'declare',
  'undeclare',
  'approve',
  'refuse',
  'settle-nil',
  'recalculate',
  'revert',
  'confirm',
  'seal',
  'not-include',
  'net',
  'acknowledge',
  'reject',
  'return',
  'correct',
  'absorb',
  'lapse',
  'settle-outside',
] as const;
export type Action = (typeof ACTIONS)[number];

export interface Transition {
  /** Null: it does not exist yet. */
  readonly from: DeclarationStatus | null;
  readonly on: Action;
  readonly by: readonly Actor[];
  readonly to: DeclarationStatus;
  readonly emits: string;
  /** Where only one kind may take it. */
  readonly kind?: Kind;
  /** Where it stands in a sealed file, and nothing else. */
  readonly onlyWith?: 'a sealed line';
}

const SYSTEM = ['system'] as const;

/** Every step that a declaration may take. What is not here is refused. */
export const DECLARATION_TRANSITIONS = [
  {
    from: null,
    on: 'open',
    by: SYSTEM,
    to: 'AWAITING_PROVIDER_APPROVAL',
    emits: 'declaration.opened.v1',
  },
  {
    from: 'AWAITING_PROVIDER_APPROVAL',
    on: 'declare',
    by: ['provider', 'commissioner', 'system'],
    to: 'AWAITING_COMMISSIONER_APPROVAL',
    emits: 'declaration.declared.v1',
  },
  {
    from: 'AWAITING_COMMISSIONER_APPROVAL',
    on: 'approve',
    by: ['commissioner', 'system'],
    to: 'AWAITING_FINANCE_APPROVAL',
    emits: 'declaration.approved.v1',
  },
  {
    from: 'AWAITING_COMMISSIONER_APPROVAL',
    on: 'refuse',
    by: ['commissioner'],
    to: 'AWAITING_PROVIDER_APPROVAL',
    emits: 'declaration.refused.v1',
  },
  // Whoever declared on behalf takes it back, too, with a reason (docs/decisions/0024).
  {
    from: 'AWAITING_COMMISSIONER_APPROVAL',
    on: 'undeclare',
    by: ['provider', 'commissioner'],
    to: 'AWAITING_PROVIDER_APPROVAL',
    emits: 'declaration.undeclared.v1',
  },
  {
    from: 'AWAITING_FINANCE_APPROVAL',
    on: 'approve',
    by: ['finance', 'system'],
    to: 'FINANCIALLY_APPROVED',
    emits: 'declaration.finance-approved.v1',
  },
  // The same signature at £0: there is nothing to send, so it ends here.
  {
    from: 'AWAITING_FINANCE_APPROVAL',
    on: 'settle-nil',
    by: ['finance', 'system'],
    to: 'SETTLED_NIL',
    emits: 'declaration.settled-nil.v1',
  },
  {
    from: 'AWAITING_FINANCE_APPROVAL',
    on: 'refuse',
    by: ['finance'],
    to: 'AWAITING_COMMISSIONER_APPROVAL',
    emits: 'declaration.finance-refused.v1',
  },
  // Nobody is paid on superseded figures: new figures reopen it until a release run has confirmed it.
  ...(
    [
      'AWAITING_PROVIDER_APPROVAL',
      'AWAITING_COMMISSIONER_APPROVAL',
      'AWAITING_FINANCE_APPROVAL',
      'FINANCIALLY_APPROVED',
      'SETTLED_NIL',
    ] as const
  ).map((from) => ({
    from,
    on: 'recalculate' as const,
    by: SYSTEM,
    to: 'AWAITING_PROVIDER_APPROVAL' as const,
    emits: 'declaration.reopened.v1',
  })),
  // While its period is frozen: signatures on figures that are about to be recalculated are taken back.
  ...(
    [
      'AWAITING_COMMISSIONER_APPROVAL',
      'AWAITING_FINANCE_APPROVAL',
      'FINANCIALLY_APPROVED',
      'SETTLED_NIL',
    ] as const
  ).map((from) => ({
    from,
    on: 'revert' as const,
    by: ['commissioner', 'system'] as const,
    to: 'AWAITING_PROVIDER_APPROVAL' as const,
    emits: 'declaration.reverted.v1',
  })),
  {
    from: 'FINANCIALLY_APPROVED',
    on: 'confirm',
    by: SYSTEM,
    to: 'RELEASING',
    emits: 'declaration.confirmed.v1',
  },
  {
    from: 'RELEASING',
    on: 'seal',
    by: ['payment-export'],
    to: 'SENT_TO_AGENCY',
    emits: 'declaration.sent.v1',
  },
  {
    from: 'RELEASING',
    on: 'not-include',
    by: ['payment-export'],
    to: 'FINANCIALLY_APPROVED',
    emits: 'declaration.not-included.v1',
  },
  // No line, so nobody has to acknowledge it: a recovery became a debt, or recoveries took the whole amount.
  {
    from: 'RELEASING',
    on: 'net',
    by: ['payment-export'],
    to: 'PAID',
    emits: 'declaration.netted.v1',
  },
  {
    from: 'SENT_TO_AGENCY',
    on: 'acknowledge',
    by: ['agency'],
    to: 'PAID',
    emits: 'declaration.paid.v1',
  },
  {
    from: 'SENT_TO_AGENCY',
    on: 'reject',
    by: ['agency'],
    to: 'REJECTED_BY_AGENCY',
    emits: 'declaration.rejected.v1',
  },
  // Banks send back what they cannot credit days after it was accepted.
  {
    from: 'PAID',
    on: 'return',
    by: ['agency'],
    to: 'REJECTED_BY_AGENCY',
    emits: 'declaration.returned.v1',
    onlyWith: 'a sealed line',
  },
  {
    from: 'REJECTED_BY_AGENCY',
    on: 'correct',
    by: ['commissioner'],
    to: 'FINANCIALLY_APPROVED',
    emits: 'declaration.corrected.v1',
  },
  // The open adjustment already pays what is owed; a second attempt would pay it twice.
  {
    from: 'REJECTED_BY_AGENCY',
    on: 'absorb',
    by: SYSTEM,
    to: 'LAPSED',
    emits: 'declaration.lapsed.v1',
  },
  ...(
    [
      'AWAITING_PROVIDER_APPROVAL',
      'AWAITING_COMMISSIONER_APPROVAL',
      'AWAITING_FINANCE_APPROVAL',
      'REJECTED_BY_AGENCY',
    ] as const
  ).map((from) => ({
    from,
    on: 'lapse' as const,
    by: ['system', 'commissioner'] as const,
    to: 'LAPSED' as const,
    emits: 'declaration.lapsed.v1',
  })),
  ...(
    ['AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL'] as const
  ).map((from) => ({
    from,
    on: 'settle-outside' as const,
    by: ['commissioner'] as const,
    to: 'SETTLED_OUTSIDE' as const,
    emits: 'declaration.settled-outside.v1',
    kind: 'adjustment' as const,
  })),
] as const satisfies readonly Transition[];

const ROWS = new Map<string, Transition>(
  (DECLARATION_TRANSITIONS as readonly Transition[]).map((row) => [`${row.from}|${row.on}`, row]),
);

/**
 * The one step that this actor may take from here, and nobody else decides it.
 * @throws IllegalTransitionError, RoleNotAllowedError
 */
export function transitionFor(
  status: DeclarationStatus | null,
  on: Action,
  by: Actor,
  kind?: Kind,
): Transition {
  const row = ROWS.get(`${status}|${on}`);
  const otherKind = row?.kind !== undefined && kind !== undefined && row.kind !== kind;
  if (!row || otherKind) throw new IllegalTransitionError(status, on);
  if (!row.by.includes(by)) throw new RoleNotAllowedError(on, by);
  return row;
}

export const mayTake = (status: DeclarationStatus, on: Action): boolean => ROWS.has(`${status}|${on}`);

/** The statuses from which the table has this step. */
export const statusesBefore = (on: Action): readonly DeclarationStatus[] =>
  DECLARATION_TRANSITIONS.flatMap((row) => (row.on === on && row.from !== null ? [row.from] : []));

/** What people read; an agency may have its own word for sent. */
export const STATUS_LABELS: Readonly<Record<DeclarationStatus, string>> = {
  AWAITING_PROVIDER_APPROVAL: 'Awaiting Service Provider Approval',
  AWAITING_COMMISSIONER_APPROVAL: 'Awaiting Commissioning Organisation Approval',
  AWAITING_FINANCE_APPROVAL: 'Awaiting Finance Approval',
  FINANCIALLY_APPROVED: 'Financially Approved',
  SETTLED_NIL: 'Settled, nothing to pay',
  RELEASING: 'Being sent',
  SENT_TO_AGENCY: 'Sent to payment agency',
  PAID: 'Paid',
  REJECTED_BY_AGENCY: 'Rejected by payment agency',
  LAPSED: 'Not paid',
  SETTLED_OUTSIDE: 'Settled outside',
};

export const ON_HOLD_LABEL = 'On Hold';
