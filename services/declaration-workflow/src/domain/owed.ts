import type { Declaration } from './declaration.js';

/**
 * What one declaration of an achievement stands for, in the sum that must come to the newest entitlement: money that is
 * settled for good where it has ended, what it states where it is still on its way.
 */
export function claimOf(d: Declaration): bigint {
  switch (d.status) {
    case 'SENT_TO_AGENCY':
    case 'PAID':
      return (d.sealedPence ?? 0n) + d.nettedPence;
    // Of a rejected line that was given up, recoveries keep what they took.
    case 'LAPSED':
      return d.nettedPence;
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

export const owedTo = (family: readonly Declaration[], d: Declaration): bigint =>
  owedBeside(family, d, d.latest.pence);
