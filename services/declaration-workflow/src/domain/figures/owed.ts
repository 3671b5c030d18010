import { isWithdrawn, type Declaration, type Figures } from '../core/declaration.js';

/**
 * What one declaration of an achievement stands for, in the sum that must come to the newest entitlement: money that is
 * settled for good where it has ended, what it states where it is still on its way.
 */
export function claimOf(d: Declaration): bigint {
  switch (d.status) {
    case 'SENT_TO_AGENCY':
    case 'PAID':
      return (d.sealedPence ?? 0n) + d.nettedPence;
    case 'LAPSED':
      // Of a rejected line that was given up, recoveries keep what they took.
      return d.nettedPence;
    default:
      return d.pence;
  }
}

/** The difference that a commissioner decided not to move by withdrawing its adjustment. No money: nobody got it. */
const waivedBy = (d: Declaration): bigint =>
  d.kind === 'adjustment' && isWithdrawn(d) ? d.pence - d.nettedPence : 0n;

/**
 * What one declaration has to state, or one that is about to be opened: the entitlement less what the others stand for
 * (design §7). So whatever was paid, recovered, settled outside or is still being signed beside it, no penny is claimed
 * twice.
 */
export function owedBeside(
  family: readonly Declaration[],
  d: Declaration | undefined,
  entitlement: bigint,
): bigint {
  const others = family.filter((other) => other.declarationId !== d?.declarationId);
  const owed = others.reduce((left, other) => left - claimOf(other), entitlement);
  return owed - waivedOf(others, owed);
}

/**
 * As much of a difference as was waived: withdrawn recoveries take off what is to be recovered, withdrawn payments off
 * what is to be paid. Never more than there is, or the money that was not moved would be moved the other way.
 */
function waivedOf(family: readonly Declaration[], owed: bigint): bigint {
  const waived = family
    .map(waivedBy)
    .filter((pence) => pence < 0n === owed < 0n)
    .reduce((sum, pence) => sum + pence, 0n);
  return (owed < 0n ? waived < owed : waived > owed) ? owed : waived;
}

/** Of a withdrawn achievement nothing is to be paid, whatever its figures say. */
export const entitlementOf = (family: readonly Declaration[], figures: Pick<Figures, 'pence'>): bigint => {
  const mains = family.filter((d) => d.kind === 'achievement');
  return mains.length > 0 && mains.every((d) => d.status === 'LAPSED') && mains.some(isWithdrawn)
    ? 0n
    : figures.pence;
};

export const owedTo = (family: readonly Declaration[], d: Declaration): bigint =>
  owedBeside(family, d, entitlementOf(family, d.latest));
