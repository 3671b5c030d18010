/**
 * What design §5 says of the declarations of one achievement of one PCN, a second time and in plain code. Nothing of
 * the service is imported: where the two differ, one of them is wrong.
 */

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
  | 'LAPSED';

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
}

const OPEN: readonly Status[] = [
  'AWAITING_PROVIDER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
];

/** One declaration of the achievement; an adjustment is only followed, nobody acts on it here. */
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
  required = 0;
  awaiting = 0;
  blocked = 0;
  declaredBy: string | null = null;
  commissionerSignedBy: string | null = null;
  financeSignedBy: string | null = null;
  /** Who signed this version for the commissioner before finance sent it back. */
  setAside: string[] = [];
  run: string | null = null;
  /** The attempt for which a correction was proposed last and not withdrawn. */
  proposal: number | null = null;

  constructor(
    readonly kind: 'achievement' | 'adjustment',
    public latest: ModelFigures,
    pence: bigint,
  ) {
    this.pence = pence;
    this.stated = latest.result;
  }

  get isOpen(): boolean {
    return OPEN.includes(this.status);
  }
  get isSealed(): boolean {
    return this.status === 'SENT_TO_AGENCY' || this.status === 'PAID';
  }
  get isCurrent(): boolean {
    return this.required === 0 && this.awaiting === 0 && this.blocked === 0;
  }

  unsign(): void {
    this.declaredBy = this.commissionerSignedBy = this.financeSignedBy = null;
    this.setAside = [];
  }

  take(figures: ModelFigures): void {
    this.latest = figures;
    if (figures.revision >= this.awaiting) this.awaiting = 0;
    if (figures.revision >= this.blocked) this.blocked = 0;
    if (figures.membership >= this.required) this.required = 0;
  }

  lapse(why: 'NOTHING' | 'WITHDRAWN' | 'ABSORBED'): void {
    this.status = 'LAPSED';
    this.lapsedFor = why;
    this.holds = [];
    if (why === 'ABSORBED') return;
    this.required = this.awaiting = this.blocked = 0;
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

export class ReferenceModel {
  main: ModelDeclaration | null = null;
  adjustment: ModelDeclaration | null = null;
  sealed: bigint | null = null;
  /** Differences that the commissioner decided not to move, by withdrawing their adjustments. */
  readonly waived: bigint[] = [];
  /** Beside adjustments, ended ones too, what it owes also moves with theirs. */
  private alone = true;
  /** Membership changes that are known, whether or not there was anything to hold. */
  readonly changes: { version: number; code: HoldCode }[] = [];
  waitingAwaiting = 0;
  waitingBlocked = 0;
  readonly parked = new Set<string>();
  frozen = false;
  /** Numbers that the other services give. */
  revision = 0;
  approvalVersion = 0;
  paymentVersion = 0;
  membership = 0;

  get status(): Status | null {
    return this.main?.status ?? null;
  }

  /** Why no step towards payment is possible, whatever the step. */
  obstacle(awaitingCode: string): string | null {
    const d = this.main!;
    if (this.parked.size > 0 || d.blocked > 0) return 'UPSTREAM_EVENT_PARKED';
    if (this.frozen) return 'PERIOD_FROZEN';
    if (d.holds.length > 0) return 'ON_HOLD';
    return d.isCurrent ? null : awaitingCode;
  }

  figures(f: ModelFigures): void {
    const d = this.main;
    const isFresh = d === null || (d.status === 'LAPSED' && d.lapsedFor === 'NOTHING');
    if (d && f.revision <= d.latest.revision) return;
    if (isFresh) this.open(f);
    else if (d.status === 'LAPSED' && d.lapsedFor === 'WITHDRAWN') return;
    else {
      d.take(f);
      if (d.isOpen || d.status === 'SETTLED_NIL') this.restate(d);
      else if (d.isSealed || d.status === 'LAPSED') this.settle();
    }
    for (const change of [...this.changes].sort((a, b) => a.version - b.version)) this.hold(change);
  }

  private open(f: ModelFigures): void {
    if (f.revision >= this.waitingAwaiting) this.waitingAwaiting = 0;
    if (f.revision >= this.waitingBlocked) this.waitingBlocked = 0;
    if (f.result === 'nothing') return;
    this.main = new ModelDeclaration('achievement', f, this.owedOf(f.result));
    this.main.awaiting = this.waitingAwaiting;
    this.main.blocked = this.waitingBlocked;
    this.waitingAwaiting = this.waitingBlocked = 0;
    this.adjustment = null;
    this.sealed = null;
    this.approvalVersion = this.paymentVersion = 0;
  }

  /** The newest result in place of the stated one. */
  restate(d: ModelDeclaration): void {
    const pence = this.owedOf(d.latest.result);
    if (d.stated === d.latest.result && (this.alone || d.pence === pence)) return;
    d.stated = d.latest.result;
    if (d.stated !== 'nothing') return d.reopen(pence);
    if (d.status === 'FINANCIALLY_APPROVED' || d.status === 'SETTLED_NIL') d.reopen(pence);
    d.pence = pence;
    d.lapse('NOTHING');
  }

  /** The result less what was sent, and less of that what was waived in the same direction. */
  private owedOf(result: Result, sent = 0n): bigint {
    const owed = penceOf(result) - sent;
    const waived = (up: boolean): bigint =>
      this.waived.reduce((sum, pence) => (pence > 0n === up ? sum + pence : sum), 0n);
    if (owed === 0n) return 0n;
    if (owed > 0n) return owed > waived(true) ? owed - waived(true) : 0n;
    return owed < waived(false) ? owed - waived(false) : 0n;
  }

  withdrawAdjustment(): void {
    this.waived.push(this.adjustment!.pence);
    this.adjustment = null;
  }

  /** What is owed beyond what was sent stands in one adjustment. */
  settle(): void {
    const d = this.main!;
    const owed = this.owedOf(d.latest.result, this.sealed ?? 0n);
    const a = this.adjustment;
    if (a) {
      if (d.latest.revision <= a.latest.revision && owed === a.pence) return;
      a.take(d.latest);
      if (a.stated === d.latest.result && a.pence === owed) return;
      a.stated = d.latest.result;
      if (owed === 0n) this.adjustment = null;
      else a.reopen(owed);
    } else if (owed !== 0n) {
      this.alone = false;
      this.adjustment = new ModelDeclaration('adjustment', d.latest, owed);
      this.adjustment.holds = d.required > 0 ? d.pending.filter(({ version }) => version !== null) : [];
      this.adjustment.required = d.required;
      d.pending = [];
    } else if (d.required === 0) d.pending = [];
  }

  membershipChange(change: { version: number; code: HoldCode }): void {
    if (!this.changes.some(({ version }) => version === change.version)) this.changes.push(change);
    this.hold(change);
  }

  private hold(change: { version: number; code: HoldCode }): void {
    const reached = [this.main, this.adjustment].filter((d) => d !== null);
    const hadAdjustment = this.adjustment !== null;
    for (const d of reached) {
      if (d.status === 'LAPSED' || d.latest.membership >= change.version || d.required >= change.version)
        continue;
      if (d.isSealed && hadAdjustment) continue;
      d.required = change.version;
      // One change holds once, however often older figures bring it up again.
      const isHeld = [...d.holds, ...d.pending].some(({ version }) => version === change.version);
      if (isHeld) continue;
      if (d.isOpen) d.holds.push(change);
      else if (d.status !== 'SETTLED_NIL') d.pending.push(change);
    }
  }

  marker(kind: 'awaiting' | 'blocked', until: number): void {
    if (!this.main) {
      const field = kind === 'awaiting' ? 'waitingAwaiting' : 'waitingBlocked';
      this[field] = Math.max(this[field], until);
      return;
    }
    for (const d of [this.main, this.adjustment])
      if (d && d.status !== 'LAPSED' && d.status !== 'PAID' && until > d.latest.revision)
        d[kind] = Math.max(d[kind], until);
  }

  /** After a run, or a correction: what was kept back takes effect. */
  resume(): void {
    const d = this.main!;
    d.holds.push(...d.pending.filter(({ version }) => version === null || d.latest.membership < version));
    d.pending = [];
    this.restate(d);
  }
}
