import type { LondonDate } from '@attest/calendar';
import type {
  DeclarationState,
  DeclarationStatus,
  Hold,
  ReadonlyPolicy,
  TierSignature,
} from '@attest/contracts';
import type { Kind } from './declaration.transitions.js';
import { routeOf } from '../signing/policy.js';

/** The newest figures of an achievement that have arrived here; under an override their result is the one that is kept. */
export interface Figures {
  /** Orders figures: only a higher one is newer. */
  readonly revision: number;
  /** Entitlement; 0 when not applicable. */
  readonly pence: bigint;
  /** Equal exactly when pence and declared values are. */
  readonly resultHash: string;
  /** Membership version of every PCN it was made from; one that is absent counts as 0. */
  readonly memberships: Readonly<Record<string, number>>;
  /** Why there is nothing to pay, or null when there are figures. */
  readonly notApplicable: string | null;
  /** What else it was made from, memberships apart: `source|key` → version. Null where that was not kept yet. */
  readonly inputs: Readonly<Record<string, number>> | null;
}

/** Signed by a commissioner: this figure is stated although a practice joined (design §5 rule 3). */
export interface Override {
  /** The membership changes that it was signed for, no other: PCN → version. */
  readonly versions: Readonly<Record<string, number>>;
  readonly kept: Figures;
  /** The result that it stands in place of; null until figures with that version have arrived. */
  readonly instead: (Pick<Figures, 'pence' | 'revision' | 'memberships'> & { readonly hash: string }) | null;
  readonly reason: string;
  readonly signedBy: string;
  readonly signedFor: string;
  readonly signedAt: Date;
}

/** Figures at `until` or later end it. */
export interface Marker {
  readonly until: number;
  readonly since: Date;
  /** Of a blocked input; null while it is merely being added up. */
  readonly code: string | null;
}

/** One declaration, with everything that decides about it. Never changed in place. */
export interface Declaration {
  readonly declarationId: string;
  readonly kind: Kind;
  readonly serviceCode: string;
  readonly achievementDate: LondonDate;
  readonly organisationCode: string;
  readonly commissionerCode: string;
  readonly paymentPeriod: string;
  readonly status: DeclarationStatus;
  readonly statusSince: Date;
  /** Why it stands there, where that has a code: a lapse, a rejection, a refusal. */
  readonly statusCode: string | null;
  readonly statusReason: string | null;
  readonly revision: number;
  readonly declarationVersion: number;
  /** The version that was declared last; declaring the same one again makes a new one. */
  readonly declaredVersion: number;
  /** What this version states: entitlement, or for an adjustment what is owed. */
  readonly pence: bigint;
  readonly statedRevision: number;
  readonly statedHash: string;
  /** Differs from what is stated only after confirm: then it is the change that waits for an end of the run. */
  readonly latest: Figures;
  /** The last figures before them that had another result: what is kept where an earlier figure is. */
  readonly previous: Figures | null;
  /** Memberships that newer figures must have been made with: PCN → version. */
  readonly required: Readonly<Record<string, number>>;
  /** Membership changes that have reached it or stood in its first figures: PCN → version. A later one is news to it. */
  readonly reachedBy: Readonly<Record<string, number>>;
  readonly awaiting: Marker | null;
  readonly blocked: Marker | null;
  readonly holds: readonly Hold[];
  /** Holds that take effect if the run ends without it. */
  readonly pendingHolds: readonly Hold[];
  /** The earlier figure is kept in place of what `latest` brought. */
  readonly override: Override | null;
  /** People were told that a payment needs resolution, and it has not been settled since. */
  readonly resolutionSince: Date | null;
  readonly late: boolean;
  /** A late one is not confirmed before this cut-off. */
  readonly payableFrom: Date | null;
  /** The payment period of its calendar entry, while it is late and pays with a later one. */
  readonly ownPeriod: string | null;
  readonly attempt: number;
  readonly runId: string | null;
  readonly declaredBy: string | null;
  /** Who signed for the commissioner last; every tier's signature stands in `commissionerSignatures`. */
  readonly commissionerSignedBy: string | null;
  readonly commissionerSignatures: readonly TierSignature[];
  readonly financeSignedBy: string | null;
  /** Signed this version for the commissioner before finance sent it back. */
  readonly setAsideSigners: readonly string[];
  /** The service's policy asked no finance signature of it: the system approved it. */
  readonly financeBySystem: boolean;
  /** A person sent it back: until it is declared again, the system takes no step of its own. */
  readonly systemWaits: boolean;
  /** Who has to agree, from its service and the financial year of its date; null: the default. */
  readonly policy: ReadonlyPolicy | null;
  /** Stands in a sealed file and was not rejected. */
  readonly sealedPence: bigint | null;
  /** Settled without a line, all attempts together: taken by recoveries, or below zero taken over as one. */
  readonly nettedPence: bigint;
  /** Highest applied version of the approvals and payments of this declaration. */
  readonly approvalVersion: number;
  readonly paymentVersion: number;
}

/** On the way to a payment, and money may still be stopped. */
export const OPEN: readonly DeclarationStatus[] = [
  'AWAITING_PROVIDER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
];

/** Money may still be stopped: a hold takes effect at once. */
export const isHoldable = (d: Declaration): boolean => OPEN.includes(d.status);

/** Not confirmed: a different result reopens it. */
export const isBeforeConfirm = (d: Declaration): boolean => isHoldable(d) || d.status === 'SETTLED_NIL';

export const isHeld = (d: Declaration): boolean => d.holds.length > 0;

/** Somebody acts on a revision that has been overtaken; a request that binds none is never stale. */
export const isStale = (d: Declaration, seenRevision: number | null): boolean =>
  seenRevision !== null && seenRevision !== d.revision;

export const SEALED: readonly DeclarationStatus[] = ['SENT_TO_AGENCY', 'PAID'];

export const isSealed = (d: Declaration): boolean => SEALED.includes(d.status);

/** Nothing more happens to it. */
export const ENDED: readonly DeclarationStatus[] = ['LAPSED', 'SETTLED_OUTSIDE'];

export const isEnded = (d: Declaration): boolean => ENDED.includes(d.status);

/** Its commissioner decided that it is not paid. */
export const isWithdrawn = (d: Declaration): boolean => d.status === 'LAPSED' && d.statusCode === 'WITHDRAWN';

export const isOpenAdjustment = (d: Declaration): boolean =>
  d.kind === 'adjustment' && !isEnded(d) && !isSealed(d) && d.status !== 'SETTLED_NIL';

/** The declaration of the achievement itself: the standing one, else the one that lapsed last. */
export function mainOf(family: readonly Declaration[]): Declaration | undefined {
  const mains = family.filter((d) => d.kind === 'achievement');
  return (
    mains.find((d) => d.status !== 'LAPSED') ??
    mains.reduce<Declaration | undefined>(
      (newest, d) => (newest && newest.latest.revision >= d.latest.revision ? newest : d),
      undefined,
    )
  );
}

/** A lapse for want of anything to pay ends when there is something; a person's decision does not. */
export const mayOpenAgain = (main: Declaration): boolean =>
  main.status === 'LAPSED' && main.statusCode === 'NOT_APPLICABLE';

/** Nobody has said yes to it, or what was said no longer counts. */
export const UNSIGNED = {
  declaredBy: null,
  commissionerSignedBy: null,
  commissionerSignatures: [],
  financeSignedBy: null,
  financeBySystem: false,
  systemWaits: false,
  setAsideSigners: [],
} as const;

/** The whole declaration as other services read it. */
export function stateOf(d: Declaration): DeclarationState {
  return {
    declarationId: d.declarationId,
    kind: d.kind,
    serviceCode: d.serviceCode,
    achievementDate: d.achievementDate,
    organisationCode: d.organisationCode,
    commissionerCode: d.commissionerCode,
    paymentPeriod: d.paymentPeriod,
    status: d.status,
    holds: [...d.holds],
    awaitingAggregation: !isCurrent(d),
    revision: d.revision,
    declarationVersion: d.declarationVersion,
    figureRevision: d.statedRevision,
    pence: d.pence.toString(),
    attempt: d.attempt,
    late: d.late,
    declaredBy: d.declaredBy,
    commissionerSignedBy: d.commissionerSignedBy,
    financeSignedBy: d.financeSignedBy,
    runId: d.runId,
    ...(d.nettedPence === 0n ? {} : { nettedPence: d.nettedPence.toString() }),
    ...(d.paymentVersion === 0 ? {} : { paymentVersion: d.paymentVersion }),
    ...routeOf(d, d.status === 'AWAITING_COMMISSIONER_APPROVAL'),
  };
}

/** Made from everything that is known to have happened (design §4); otherwise it waits for aggregation. */
export const isCurrent = (d: Declaration): boolean =>
  d.awaiting === null && d.blocked === null && !waitsForMembership(d);

export const waitsForMembership = (d: Declaration): boolean => Object.keys(d.required).length > 0;

/** The commissioner keeps the earlier figure although this change came: nothing newer is required for it. */
export const isOverridden = (d: Declaration, pcnCode: string, version: number): boolean =>
  (d.override?.versions[pcnCode] ?? 0) >= version;

/** The revision of the figure that counts, which under an override is the one that is kept. */
export const countingRevision = (d: Declaration): number => d.override?.kept.revision ?? d.latest.revision;

/** The later version of each PCN. */
export function latestOf(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const later = Object.entries(b).filter(([pcn, version]) => version > (a[pcn] ?? 0));
  return later.length === 0 ? a : { ...a, ...Object.fromEntries(later) };
}

/** Made with this version of a PCN's membership, or a later one. */
export const madeWith = (figures: Pick<Figures, 'memberships'>, pcnCode: string, version: number): boolean =>
  (figures.memberships[pcnCode] ?? 0) >= version;
