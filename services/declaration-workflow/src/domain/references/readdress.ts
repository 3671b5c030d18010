import { isHoldable, type Declaration } from '../core/declaration.js';
import type { Address } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

/**
 * A late one has left the period of its calendar entry, until the calendar moves that period to its run or beyond; an
 * adjustment is paid with the period it is declared in.
 */
function periodOf(d: Declaration, { paymentPeriod }: Partial<Address>): string {
  if (paymentPeriod === undefined || d.kind === 'adjustment') return d.paymentPeriod;
  return d.late && d.paymentPeriod > paymentPeriod ? d.paymentPeriod : paymentPeriod;
}

/** The commissioner or the payment period changed. */
export function applyAddress(work: Work, d: Declaration, address: Partial<Address>): void {
  // What is confirmed, or needs no payment, stays with those it was confirmed for.
  if (!isHoldable(d)) return;
  const commissionerCode = address.commissionerCode ?? d.commissionerCode;
  const ownPeriod = d.late ? (address.paymentPeriod ?? d.ownPeriod) : d.ownPeriod;
  const paymentPeriod = periodOf(d, address);
  if (
    commissionerCode === d.commissionerCode &&
    paymentPeriod === d.paymentPeriod &&
    ownPeriod === d.ownPeriod
  )
    return;
  const code = commissionerCode === d.commissionerCode ? 'CALENDAR_CHANGED' : 'COMMISSIONER_CHANGED';
  work.note(d, 'readdress', { actor: 'system', code }, { commissionerCode, paymentPeriod, ownPeriod });
}
