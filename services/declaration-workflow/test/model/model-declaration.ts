import type { PolicyName, Tier } from './model-policy.js';

export type Status =
  | 'AWAITING_PROVIDER_APPROVAL'
  | 'AWAITING_COMMISSIONER_APPROVAL'
  | 'AWAITING_FINANCE_APPROVAL'
  | 'FINANCIALLY_APPROVED'
  | 'SETTLED_NIL'
  | 'RELEASING'
  | 'SENT_TO_AGENCY'
  | 'PAID'
  | 'REJECTED_BY_AGENCY'
  | 'LAPSED'
  | 'SETTLED_OUTSIDE';

export type HoldCode = 'PCN_PRACTICE_JOINED' | 'PCN_PRACTICE_LEFT' | 'PCN_MEMBERSHIP_CORRECTED' | 'BY_HAND';
export interface ModelHold {
  readonly code: HoldCode;
  /** Of the membership change; null by hand. */
  readonly version: number | null;
}

/** Pence, or that there is nothing to pay. */
export type Result = bigint | 'nothing';
export interface ModelFigures {
  readonly revision: number;
  readonly result: Result;
  readonly membership: number;
  /** Version of the page that it was made from; null where nothing was to be made. */
  readonly page: number | null;
}

/** The commissioner signed for the figure from before a joining. */
export interface ModelOverride {
  /** Of the membership, up to which it was signed for. */
  readonly version: number;
  readonly kept: ModelFigures;
  /** What it stands in place of, once that is there. */
  instead: ModelFigures | null;
}

export const OPEN: readonly string[] = [
  'AWAITING_PROVIDER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
];

/** One declaration of the achievement, or an adjustment beside it. */
export class ModelDeclaration {
  status: Status = 'AWAITING_PROVIDER_APPROVAL';
  lapsedFor: 'NOTHING' | 'WITHDRAWN' | 'ABSORBED' | null = null;
  version = 1;
  declaredVersion = 0;
  attempt = 1;
  pence: bigint;
  stated: Result;
  holds: ModelHold[] = [];
  pending: ModelHold[] = [];
  override: ModelOverride | null = null;
  /** The last figures with another result than the latest. */
  previous: ModelFigures | null = null;
  required = 0;
  /** The newest change that has reached it, or that its first figures were made with. */
  reached: number;
  awaiting = 0;
  blocked = 0;
  declaredBy: string | null = null;
  commissionerSignedBy: string | null = null;
  financeSignedBy: string | null = null;
  /** Who signed this version for the commissioner before finance sent it back. */
  setAside: string[] = [];
  run: string | null = null;
  /** The later payment period, where it was declared after its deadline and was not admitted; null: its own. */
  late: string | null = null;
  policy: PolicyName = 'none';
  /** The policy that has certainly reached it. */
  followed: PolicyName | null = null;
  /** The tiers of the commissioner's route that signed, and who. */
  tiersSigned: (readonly [Tier, string])[] = [];
  /** A person sent it back: until it is declared anew, people sign it. */
  wasSentBack = false;
  /** The attempt for which a correction was proposed last and not withdrawn. */
  proposal: number | null = null;
  /** The version of which it was proposed last that it is settled outside. */
  settlement: number | null = null;
  settlementBy: string | null = null;
  /** Stands in a sealed file whose money did not come back. */
  sealed: bigint | null = null;
  /** Settled without a line: taken by recoveries, or below zero taken over as one. */
  netted = 0n;
  /** With which an adjustment is paid; it has no calendar entry of its own. */
  period: string | null = null;
  /** Numbers that the other services give. */
  approvalVersion = 0;
  paymentVersion = 0;

  constructor(
    readonly kind: 'achievement' | 'adjustment',
    /** Which of its kind, from 0. */
    readonly ordinal: number,
    public latest: ModelFigures,
    pence: bigint,
  ) {
    this.pence = pence;
    this.reached = latest.membership;
    this.stated = latest.result;
  }

  get isOpen(): boolean {
    return OPEN.includes(this.status);
  }
  get isSealed(): boolean {
    return this.status === 'SENT_TO_AGENCY' || this.status === 'PAID';
  }
  get isEnded(): boolean {
    return this.status === 'LAPSED' || this.status === 'SETTLED_OUTSIDE';
  }
  /** Of adjustments, at most one. */
  get isStanding(): boolean {
    return !this.isEnded && !this.isSealed && this.status !== 'SETTLED_NIL';
  }
  /** What a run would still have to move. */
  get due(): bigint {
    return this.pence - this.netted;
  }
  get isCurrent(): boolean {
    return this.required === 0 && this.awaiting === 0 && this.blocked === 0;
  }

  unsign(): void {
    this.declaredBy = this.commissionerSignedBy = this.financeSignedBy = null;
    this.setAside = [];
    this.late = null;
    this.tiersSigned = [];
    this.wasSentBack = false;
  }

  /** Its figures were made with a change that has not been heard of. */
  get isAhead(): boolean {
    return this.latest.membership > this.reached;
  }

  take(figures: ModelFigures): void {
    if (figures.result !== this.latest.result) this.previous = this.latest;
    this.latest = figures;
    if (figures.revision >= this.awaiting) this.awaiting = 0;
    if (figures.revision >= this.blocked) this.blocked = 0;
    if (figures.membership >= this.required) this.required = 0;
  }

  lapse(why: 'NOTHING' | 'WITHDRAWN' | 'ABSORBED'): void {
    this.status = 'LAPSED';
    this.lapsedFor = why;
    // Nobody released them: they wait for what is opened in its place.
    if (why === 'NOTHING') this.pending.push(...this.holds);
    else this.pending = [];
    this.holds = [];
    if (why === 'ABSORBED') return;
    this.required = 0;
    // Figures that were awaited are awaited still, by what is opened in its place; an adjustment asks its achievement.
    if (why === 'WITHDRAWN' || this.kind === 'adjustment') this.awaiting = this.blocked = 0;
  }

  /** Back to the provider, with another amount to sign for. */
  reopen(pence: bigint): void {
    this.status = 'AWAITING_PROVIDER_APPROVAL';
    this.version++;
    this.pence = pence;
    this.unsign();
  }
}

export const penceOf = (result: Result): bigint => (result === 'nothing' ? 0n : result);

/** Another result that comes of the memberships that were signed for, and of nothing else. */
export function isSignedFor({ version, kept, instead }: ModelOverride, f: ModelFigures): boolean {
  if (f.membership <= kept.membership || f.membership > version) return false;
  if (instead?.membership === f.membership) return f.result === instead.result;
  return kept.page === null || f.page === null || kept.page === f.page;
}
