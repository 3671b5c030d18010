import { isBeforeConfirm, type Declaration } from './declaration.js';
import type { Address } from './stimulus.js';
import type { Work } from './work.js';

/** What is confirmed, or needs no payment, stays with those it was confirmed for. */
export const isReaddressable = (d: Declaration): boolean => isBeforeConfirm(d) && d.status !== 'SETTLED_NIL';

/** The commissioner or the payment period changed. */
export function applyAddress(work: Work, d: Declaration, address: Partial<Address>): void {
  if (!isReaddressable(d)) return;
  const commissionerCode = address.commissionerCode ?? d.commissionerCode;
  // A late one has left the period of its calendar entry; an adjustment is paid with the period it is declared in.
  const staysInPeriod = d.late || d.kind === 'adjustment';
  const paymentPeriod = staysInPeriod ? d.paymentPeriod : (address.paymentPeriod ?? d.paymentPeriod);
  const ownPeriod = d.late ? (address.paymentPeriod ?? d.ownPeriod) : d.ownPeriod;
  if (
    commissionerCode === d.commissionerCode &&
    paymentPeriod === d.paymentPeriod &&
    ownPeriod === d.ownPeriod
  )
    return;
  const code = commissionerCode === d.commissionerCode ? 'CALENDAR_CHANGED' : 'COMMISSIONER_CHANGED';
  work.note(d, 'readdress', { actor: 'system', code }, { commissionerCode, paymentPeriod, ownPeriod });
}
