/** What one account knows of one achievement, in pence. */
export interface Standing {
  /** Of the newest approved version. */
  readonly entitlement: bigint;
  readonly sealed: bigint;
  /** Finally rejected: that attempt will never be paid. */
  readonly rejected: bigint;
}

/** Entitlement less what was sealed and not rejected. A sealed line without an answer counts as paid. */
export function owed({ entitlement, sealed, rejected }: Standing): bigint {
  return entitlement - (sealed - rejected);
}

export type LineDecision =
  { readonly include: bigint } | { readonly code: 'AMOUNT_MOVED' | 'NOTHING_OWED'; readonly owed: bigint };

/** What a confirmed instruction is paid: exactly what is owed, or nothing where that is not what was signed. */
export function decideLine(signedPence: bigint, standing: Standing): LineDecision {
  const amount = owed(standing);
  if (amount <= 0n) return { code: 'NOTHING_OWED', owed: amount };
  if (amount !== signedPence) return { code: 'AMOUNT_MOVED', owed: amount };
  return { include: amount };
}
