import type { ReadonlyPolicy } from '@attest/contracts';

const ROLES = {
  commissioner: 'APPROVAL_MANAGEMENT',
  senior: 'SENIOR_APPROVAL_MANAGEMENT',
  executive: 'EXECUTIVE_APPROVAL_MANAGEMENT',
  board: 'APPROVAL_MANAGEMENT',
} as const;
export type Tier = keyof typeof ROLES;

/** Who has to sign: for amounts below a number of pence, and for all others. */
interface ModelPolicy {
  readonly below?: readonly [pence: bigint, ...tiers: Tier[]];
  readonly otherwise: readonly Tier[];
  /** Up to it finance need not sign. */
  readonly financeAbove?: bigint;
}

export const POLICIES = {
  none: null,
  'by-value': { below: [20_000n, 'commissioner'], otherwise: ['commissioner', 'senior'] },
  'three-tiers': { below: [1n, 'senior'], otherwise: ['commissioner', 'senior', 'executive'] },
  'other-order': { otherwise: ['senior', 'commissioner'] },
  'without-finance': { below: [10_060n, 'board'], otherwise: ['commissioner'], financeAbove: 10_060n },
} as const satisfies Record<string, ModelPolicy | null>;
export type PolicyName = keyof typeof POLICIES;
export const POLICY_NAMES = Object.keys(POLICIES) as PolicyName[];

/** What decides who signs. */
interface Signed {
  readonly policy: PolicyName;
  readonly pence: bigint;
  readonly tiersSigned: readonly (readonly [tier: Tier, ...unknown[]])[];
  readonly wasSentBack: boolean;
}

const policyOf = (d: Signed): ModelPolicy | null => POLICIES[d.policy];
const amountOf = ({ pence }: Signed): bigint => (pence < 0n ? -pence : pence);

/** The first tier that has not signed. */
export function tierDue(d: Signed): Tier | null {
  const { below, otherwise } = policyOf(d) ?? { otherwise: ['commissioner'] as const };
  const [limit, ...small] = below ?? [0n];
  const tiers: readonly Tier[] = amountOf(d) < limit ? small : otherwise;
  return tiers.find((tier) => !d.tiersSigned.some(([signed]) => signed === tier)) ?? null;
}

/** A signature that names no tier is one of the usual role. */
export const mayBeSignedFor = (d: Signed, tier: Tier | null): boolean => {
  const due = tierDue(d);
  return due !== null && (tier === null ? ROLES[due] === ROLES.commissioner : due === tier);
};

/** What a person sent back is signed by people again. */
export function isFinanceAsked(d: Signed): boolean {
  const above = policyOf(d)?.financeAbove;
  return d.wasSentBack || above === undefined || amountOf(d) > above;
}

/** As the catalogue publishes it. */
export function publishedPolicy(name: PolicyName): ReadonlyPolicy | undefined {
  const policy: ModelPolicy | null = POLICIES[name];
  if (policy === null) return undefined;
  const [limit, ...small] = policy.below ?? [0n];
  return {
    declaration: 'required',
    approval: 'required',
    financeAbovePence: policy.financeAbove?.toString() ?? null,
    route: [
      ...(small.length > 0 ? [{ belowPence: limit.toString(), tiers: small }] : []),
      { belowPence: null, tiers: [...policy.otherwise] },
    ],
    tiers: (Object.keys(ROLES) as Tier[]).map((tier) => ({ name: tier, role: ROLES[tier] })),
    holdRelease: 'manual',
  };
}
