import {
  DEFAULT_POLICY,
  type ApprovalRoute,
  type ApprovalTier,
  type ReadonlyPolicy,
  type TierSignature,
} from '@attest/contracts';

/** What of a declaration decides which signatures it needs. */
export interface Routed {
  /** Of its service and the financial year of its achievement date; null: the default. */
  readonly policy: ReadonlyPolicy | null;
  readonly pence: bigint;
  readonly commissionerSignatures: readonly TierSignature[];
  /** A person sent it back: until one moves it on again, the system takes no step of its own. */
  readonly systemWaits: boolean;
}

/** Finance's step: what moves no money is settled, and no agency is told. */
export const financeStep = (d: {
  readonly pence: bigint;
  readonly nettedPence: bigint;
}): 'settle-nil' | 'approve' => (d.pence === 0n && d.nettedPence === 0n ? 'settle-nil' : 'approve');

export const policyOf = (d: Pick<Routed, 'policy'>): ReadonlyPolicy => d.policy ?? DEFAULT_POLICY;

/** A recovery needs the signatures that a payment of its size needs. */
const absolute = (pence: bigint): bigint => (pence < 0n ? -pence : pence);

/** The commissioner's tiers for an amount, in the order in which they sign; none: the system passes it on. */
export function tiersFor(policy: ReadonlyPolicy, pence: bigint): readonly ApprovalTier[] {
  if (policy.approval === 'not-required') return [];
  const amount = absolute(pence);
  const band = policy.route.find(({ belowPence }) => belowPence === null || amount < BigInt(belowPence));
  // The catalogue refuses routes without an open end and tiers without a role; what it never saw signs as usual.
  const tiers = (band?.tiers ?? []).flatMap((name) => policy.tiers.find((tier) => tier.name === name) ?? []);
  return tiers.length > 0 ? tiers : DEFAULT_POLICY.tiers;
}

/** What is asked of this declaration; one that a person sent back is signed by a person again. */
export function tiersOf(d: Routed): readonly ApprovalTier[] {
  const tiers = tiersFor(policyOf(d), d.pence);
  return tiers.length === 0 && d.systemWaits ? DEFAULT_POLICY.tiers : tiers;
}

/** The first tier that has not signed; null when the route is complete. */
export const tierDue = (d: Routed): ApprovalTier | null =>
  tiersOf(d).find((tier) => !d.commissionerSignatures.some((signature) => signature.tier === tier.name)) ??
  null;

export const isDeclaredBySystem = (d: Routed): boolean =>
  policyOf(d).declaration === 'not-required' && !d.systemWaits;

export function needsFinance(d: Routed): boolean {
  const { financeAbovePence } = policyOf(d);
  return d.systemWaits || financeAbovePence === null || absolute(d.pence) > BigInt(financeAbovePence);
}

/** As other services read it; nothing is said where it is the default. */
export function routeOf(
  d: Routed,
  awaitsCommissioner: boolean,
): { approvalRoute?: ApprovalRoute; commissionerSignatures?: TierSignature[] } {
  if (d.policy === null) return {};
  return {
    approvalRoute: {
      declaration: isDeclaredBySystem(d) ? 'not-required' : 'required',
      tiers: tiersOf(d).map((tier) => ({ ...tier })),
      tierDue: awaitsCommissioner ? (tierDue(d)?.name ?? null) : null,
      finance: needsFinance(d) ? 'required' : 'not-required',
    },
    commissionerSignatures: d.commissionerSignatures.map((signature) => ({ ...signature })),
  };
}
