import {
  isSignedFor,
  ModelDeclaration,
  penceOf,
  type HoldCode,
  type ModelFigures,
  type ModelHold,
  type Result,
  type Status,
} from './model-declaration.js';
import { ModelService } from './model-service.js';

/**
 * What design §5 says of the declarations of one achievement of one PCN, a second time and in plain code. Nothing of
 * the service is imported: where the two differ, one of them is wrong.
 */
export class ReferenceModel {
  readonly service = new ModelService();
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
  /** The signatures of this freeze were taken back. */
  reverted = false;
  /** Numbers that the other services give. */
  revision = 0;
  approvalVersion = 0;
  paymentVersion = 0;
  membership = 0;
  page = 1;
  /** Each result that differed from the one before it. */
  private readonly results: ModelFigures[] = [];
  /** Holds of adjustments that ended because nothing was owed. */
  private standing: ModelHold[] = [];
  /** What had reached the one that ended so, where its last figures were ahead of it. */
  private endedAhead: number | null = null;

  get status(): Status | null {
    return this.main?.status ?? null;
  }

  /** Why no step towards payment is possible, whatever the step. */
  obstacle(): string | null {
    const d = this.main!;
    if (this.parked.size > 0) return 'UPSTREAM_EVENT_PARKED';
    if (this.frozen) return 'PERIOD_FROZEN';
    if (d.holds.length > 0) return 'ON_HOLD';
    if (d.blocked > 0) return 'UPSTREAM_EVENT_PARKED';
    return d.isCurrent ? null : 'ACHIEVEMENT_AWAITING_AGGREGATION';
  }

  figures(f: ModelFigures): void {
    const d = this.main;
    const isFresh = d === null || (d.status === 'LAPSED' && d.lapsedFor === 'NOTHING');
    if (d && f.revision <= d.latest.revision) return;
    if (isFresh) this.open(f);
    else if (d.status === 'LAPSED' && d.lapsedFor === 'WITHDRAWN') return;
    else {
      if (f.result !== (d.override?.instead ?? d.latest).result) this.results.push(f);
      this.receive(d, f);
      if (d.isOpen || d.status === 'SETTLED_NIL') this.restate(d);
      else if (d.isSealed || d.status === 'LAPSED') this.settle();
    }
    for (const change of [...this.changes].sort((a, b) => a.version - b.version)) this.hold(change);
  }

  private open(f: ModelFigures): void {
    if (f.revision >= this.waitingAwaiting) this.waitingAwaiting = 0;
    if (f.revision >= this.waitingBlocked) this.waitingBlocked = 0;
    const before = this.main;
    const reached = before?.isAhead ? before.reached : Math.max(before?.reached ?? 0, f.membership);
    before?.take(f);
    if (f.result === 'nothing') {
      if (before) before.reached = reached;
      return;
    }
    this.results.push(f);
    this.main = new ModelDeclaration('achievement', f, this.owedOf(f.result));
    this.main.policy = this.main.followed = this.service.policy;
    this.main.reached = reached;
    this.main.holds = before?.pending ?? [];
    this.main.awaiting = before?.awaiting ?? this.waitingAwaiting;
    this.main.blocked = before?.blocked ?? this.waitingBlocked;
    this.waitingAwaiting = this.waitingBlocked = 0;
    this.adjustment = null;
    this.endedAhead = null;
    this.sealed = null;
    this.approvalVersion = this.paymentVersion = 0;
  }

  /** Figures come: a kept one stays while nothing else comes with them than what it was kept from. */
  private receive(d: ModelDeclaration, f: ModelFigures): void {
    const o = d.override;
    if (o === null || f.result === o.kept.result) return d.take(f);
    if (isSignedFor(o, f)) {
      o.instead = f;
      return d.take({ ...f, result: o.kept.result });
    }
    d.override = null;
    d.required = Math.max(d.required, o.version);
    d.take(f);
    if (o.instead) d.previous = null;
  }

  /** @returns why not */
  keepEarlier(d: ModelDeclaration, hold: ModelHold, version: number): string | null {
    const o = d.override;
    const isCovered = o !== null && o.version >= version;
    const isThere = !isCovered && d.latest.membership >= version;
    const before = [...(d.previous ? [d.previous] : []), ...this.results.toReversed()];
    const earlier = isThere ? before.find((f) => f.membership < version) : d.latest;
    if (!earlier || earlier.result === 'nothing') return 'EARLIER_FIGURE_MISSING';
    const kept = o?.kept ?? earlier;
    if (isThere && kept.result === d.latest.result) return 'NOTHING_TO_KEEP';
    const next = {
      version: isCovered ? o.version : version,
      kept,
      instead: isThere ? d.latest : (o?.instead ?? null),
    };
    const isDecided = (change: number): boolean =>
      (o?.version ?? 0) >= change ||
      d.holds.some((one) => one.code === 'PCN_PRACTICE_JOINED' && one.version === change);
    for (const change of this.changes)
      if (change.version > kept.membership && change.version <= next.version && !isDecided(change.version))
        return 'KEEP_COVERS_MORE';
    if (isThere && !isSignedFor({ ...next, instead: null }, d.latest)) return 'KEEP_COVERS_MORE';
    d.holds = d.holds.filter((one) => one !== hold);
    if (d.required <= version) d.required = 0;
    d.override = next;
    d.latest = { ...d.latest, result: kept.result };
    this.restate(d);
    return null;
  }

  /** The newest result in place of the stated one. */
  restate(d: ModelDeclaration): void {
    const pence = this.owedOf(d.latest.result);
    const wasNil = d.status === 'SETTLED_NIL';
    if (d.stated === d.latest.result && (this.alone || d.pence === pence)) {
      if (wasNil) d.pending = d.pending.filter(({ version }) => d.latest.membership < version!);
      return;
    }
    d.stated = d.latest.result;
    if (d.stated !== 'nothing') {
      d.reopen(pence);
      // What waited while it was settled for nothing holds what is open again.
      if (wasNil) d.holds.push(...d.pending.splice(0));
      return;
    }
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
      if (owed === 0n) {
        this.standing.push(...a.holds);
        this.endedAhead ??= a.isAhead ? a.reached : null;
        this.adjustment = null;
      } else a.reopen(owed);
    } else if (owed !== 0n) {
      this.alone = false;
      this.adjustment = new ModelDeclaration('adjustment', d.latest, owed);
      this.adjustment.reached = this.endedAhead ?? Math.max(d.reached, d.latest.membership);
      this.endedAhead = null;
      const due = d.required > 0 ? d.pending.filter(({ version }) => version !== null) : [];
      this.adjustment.holds = [
        ...this.standing,
        ...due.filter(({ version }) => !this.standing.some((one) => one.version === version)),
      ];
      this.standing = [];
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
      if (d.status === 'LAPSED' || d.required >= change.version) continue;
      if (d.override && d.override.version >= change.version) continue;
      const isMade = d.latest.membership >= change.version;
      // Whether its figures or the change came first: it is looked at once.
      if (isMade && d.reached >= change.version) continue;
      d.reached = Math.max(d.reached, change.version);
      if (isMade && (d.isSealed || d.status === 'SETTLED_NIL')) continue;
      if (d.isSealed && hadAdjustment) continue;
      if (!isMade) d.required = change.version;
      // One change holds once, however often older figures bring it up again.
      const isHeld = [...d.holds, ...d.pending].some(({ version }) => version === change.version);
      if (isHeld) continue;
      if (d.isOpen) d.holds.push(change);
      else d.pending.push(change);
    }
  }

  marker(kind: 'awaiting' | 'blocked', until: number): void {
    if (!this.main) {
      const field = kind === 'awaiting' ? 'waitingAwaiting' : 'waitingBlocked';
      this[field] = Math.max(this[field], until);
      return;
    }
    for (const d of [this.main, this.adjustment])
      if (d && (d.status !== 'LAPSED' || d.lapsedFor === 'NOTHING') && until > d.latest.revision)
        d[kind] = Math.max(d[kind], until);
  }

  /** After a run, or a correction: what was kept back takes effect. */
  resume(after: 'run' | 'correction'): void {
    const d = this.main!;
    // A joining asks for a person's look, the others for figures that may have come meanwhile.
    const asksForPerson = ({ code, version }: ModelHold): boolean =>
      version === null || (after === 'run' && code === 'PCN_PRACTICE_JOINED');
    d.holds.push(...d.pending.filter((one) => asksForPerson(one) || d.latest.membership < one.version!));
    d.pending = [];
    this.restate(d);
  }
}
