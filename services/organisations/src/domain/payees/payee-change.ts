import type { Payee } from '@attest/contracts';
import {
  NotAProviderError,
  PayeeChangeDecidedError,
  PayeeClosedError,
  PayeeUnchangedError,
  SamePersonError,
} from '../organisations.errors.js';
import { isProvider, samePayee, type Organisation } from '../register/organisation.js';

export const PAYEE_CHANGE_STATUSES = ['PROPOSED', 'CONFIRMED', 'WITHDRAWN'] as const;
export type PayeeChangeStatus = (typeof PAYEE_CHANGE_STATUSES)[number];

/** Somebody else is to be paid for a provider, such as the successor of a practice that merged. Two people make it. */
export interface PayeeChange {
  readonly changeId: string;
  readonly providerCode: string;
  readonly payee: Payee;
  /** As it was when the change was proposed. */
  readonly formerPayee: Payee | null;
  readonly reason: string;
  readonly status: PayeeChangeStatus;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

/**
 * @param receiver the organisation that has the payee's code; undefined when no file names it, as with a federation
 * @throws NotAProviderError, PayeeUnchangedError, PayeeClosedError
 */
export function refusePayee(
  provider: Organisation,
  payee: Payee,
  receiver: Organisation | undefined,
  today: string,
): void {
  if (!isProvider(provider.kind)) throw new NotAProviderError(provider.code);
  if (samePayee(provider.payee, payee)) throw new PayeeUnchangedError(provider.code, payee.payeeCode);
  // A closed practice may go on to receive what is owed to itself: its account outlives it.
  if (receiver && receiver.code !== provider.code && receiver.closeOn !== null && receiver.closeOn <= today)
    throw new PayeeClosedError(receiver.code, receiver.closeOn);
}

/** Files name no payees: whom two people confirmed stands whatever file comes after. */
export const withPayees = (
  organisations: readonly Organisation[],
  confirmed: ReadonlyMap<string, Payee>,
): Organisation[] =>
  organisations.map((organisation) => {
    const payee = confirmed.get(organisation.code);
    return payee ? { ...organisation, payee } : organisation;
  });

/** @throws PayeeChangeDecidedError, SamePersonError */
export function refuseConfirmation(change: PayeeChange, personId: string): void {
  refuseDecided(change);
  if (change.proposedBy === personId) throw new SamePersonError();
}

/** @throws PayeeChangeDecidedError */
export function refuseDecided({ changeId, status }: PayeeChange): void {
  if (status !== 'PROPOSED') throw new PayeeChangeDecidedError(changeId, status);
}
