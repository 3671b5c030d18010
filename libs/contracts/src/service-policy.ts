import { Type, type Static } from '@sinclair/typebox';
import { APPROVAL_ROLES } from './roles.js';
import { Nullable, OneOf } from './scalars.js';

/** Limits are absolute amounts: a recovery needs the signatures that a payment of its size needs. */
const Limit = Type.String({ pattern: '^\\d{1,18}$' });
const TierName = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' });

/** One signature of the commissioner's route and the role that may give it. */
export const ApprovalTier = Type.Object({ name: TierName, role: OneOf(APPROVAL_ROLES) });
export type ApprovalTier = Static<typeof ApprovalTier>;

/** Who has to agree before a service of one financial year is paid. Data: another route needs no code. */
export const ServicePolicy = Type.Object({
  /** Where it is not required, the system declares as soon as the figures are current and the calendar lets it. */
  declaration: OneOf(['required', 'not-required'] as const),
  /** Of the commissioner. Where it is not required, the system passes it on to finance. */
  approval: OneOf(['required', 'not-required'] as const),
  /** Finance signs above this amount, the system up to it; null: finance always signs. */
  financeAbovePence: Nullable(Limit),
  /** Bands of the absolute amount in rising order, the last without an end: who signs, in this order. */
  route: Type.Array(Type.Object({ belowPence: Nullable(Limit), tiers: Type.Array(TierName) })),
  tiers: Type.Array(ApprovalTier),
  /** Whether the system lifts a hold when figures made with its membership version give the same result. */
  holdRelease: OneOf(['manual', 'automatic-when-unchanged'] as const),
});
export type ServicePolicy = Static<typeof ServicePolicy>;

/** What holds for a rule pack without a policy: every step by a person, one commissioner's signature. */
export const DEFAULT_POLICY = {
  declaration: 'required',
  approval: 'required',
  financeAbovePence: null,
  route: [{ belowPence: null, tiers: ['commissioner'] }],
  tiers: [{ name: 'commissioner', role: 'APPROVAL_MANAGEMENT' }],
  holdRelease: 'manual',
} as const satisfies ReadonlyPolicy;

/** A route by value: one tier below £15,000, two to £49,999.99, three from £50,000. */
export const TIERED_POLICY_EXAMPLE = {
  declaration: 'required',
  approval: 'required',
  financeAbovePence: null,
  route: [
    { belowPence: '1500000', tiers: ['manager'] },
    { belowPence: '5000000', tiers: ['manager', 'senior'] },
    { belowPence: null, tiers: ['manager', 'senior', 'executive'] },
  ],
  tiers: [
    { name: 'manager', role: 'APPROVAL_MANAGEMENT' },
    { name: 'senior', role: 'SENIOR_APPROVAL_MANAGEMENT' },
    { name: 'executive', role: 'EXECUTIVE_APPROVAL_MANAGEMENT' },
  ],
  holdRelease: 'manual',
} as const satisfies ReadonlyPolicy;

type Deep<T> = T extends object ? { readonly [K in keyof T]: Deep<T[K]> } : T;
/** As rules read it: nothing of it is ever changed in place. */
export type ReadonlyPolicy = Deep<ServicePolicy>;
