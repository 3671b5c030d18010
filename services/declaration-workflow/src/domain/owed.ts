import { isWithdrawn, type Declaration, type Figures } from './declaration.js';

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
      // A person decided that this difference is not moved. Of a rejected line that was given up, recoveries keep
      // what they took.
      return d.kind === 'adjustment' && isWithdrawn(d) ? d.pence : d.nettedPence;
    default:
      return d.pence;
  }
}

/**
 * What one declaration has to state, or one that is about to be opened: the entitlement less what the others stand for
 * (design §7). So whatever was paid, recovered, settled outside or is still being signed beside it, no penny is claimed
 * twice.
 */
export const owedBeside = (
  family: readonly Declaration[],
  d: Declaration | undefined,
  entitlement: bigint,
): bigint =>
  family.reduce(
    (owed, other) => (other.declarationId === d?.declarationId ? owed : owed - claimOf(other)),
    entitlement,
  );

/** Of a withdrawn achievement nothing is to be paid, whatever its figures say. */
export const entitlementOf = (family: readonly Declaration[], figures: Pick<Figures, 'pence'>): bigint => {
  const mains = family.filter((d) => d.kind === 'achievement');
  return mains.length > 0 && mains.every((d) => d.status === 'LAPSED') && mains.some(isWithdrawn)
    ? 0n
    : figures.pence;
};

export const owedTo = (family: readonly Declaration[], d: Declaration): bigint =>
  owedBeside(family, d, entitlementOf(family, d.latest));
