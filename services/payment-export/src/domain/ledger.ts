import type { NotIncludedCode } from './not-included.js';

/** What the ledger says of one declaration, or of one achievement with all its declarations. In pence. */
export interface Standing {
  /** Of the newest approved version; nothing once it lapsed. Of an achievement: its declarations' together. */
  readonly entitlement: bigint;
  readonly sealed: bigint;
  /** Finally rejected, or returned after it was paid: that attempt will never be paid. */
  readonly rejected: bigint;
  readonly settledOutside: bigint;
  /** Settled against recoveries: what they took off it; of a recovery, below zero, what payments have borne. */
  readonly netted: bigint;
}

/**
 * What a declaration's state enters. A lapse ends the entitlement; money settled outside is an entitlement
 * and its settlement at once.
 */
export type LedgerMeaning = 'entitlement' | 'lapsed' | 'settled-outside';

/** Entitlement less what was sealed and not rejected. A sealed line without an answer counts as paid. */
export function owed({ entitlement, sealed, rejected, settledOutside, netted }: Standing): bigint {
  return entitlement - (sealed - rejected + settledOutside + netted);
}

export type LineDecision =
  | { readonly include: bigint }
  | { readonly recover: bigint }
  /** Recoveries have taken all of it in earlier attempts. */
  | { readonly settled: true }
  | { readonly code: Extract<NotIncludedCode, 'AMOUNT_MOVED' | 'NOTHING_OWED'>; readonly owed: bigint };

/**
 * What a confirmed instruction is paid: exactly what is owed, or nothing where that is not what was signed. What
 * recoveries took off an earlier attempt was signed, too, and stays taken.
 * @param own of its declaration
 * @param leftPence what its achievement is still owed without its recoveries, less what this run includes for it
 *   already: another line of the same achievement takes its part first
 */
export function decideLine(signedPence: bigint, own: Standing, leftPence: bigint): LineDecision {
  const mine = owed(own);
  const due = signedPence - own.netted;
  if (due <= 0n && mine === due) {
    if (due < 0n) return { recover: -due };
    if (own.netted !== 0n) return { settled: true };
  }
  const amount = mine < leftPence ? mine : leftPence;
  if (amount <= 0n) return { code: 'NOTHING_OWED', owed: amount + own.netted };
  if (amount !== due) return { code: 'AMOUNT_MOVED', owed: amount + own.netted };
  return { include: amount };
}
