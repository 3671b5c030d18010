import { claimOf, isWithdrawn, owedBeside } from './model-money.js';
import {
  isSignedFor,
  ModelDeclaration,
  type HoldCode,
  type ModelFigures,
  type ModelHold,
} from './model-declaration.js';
import { ModelService } from './model-service.js';

/**
 * What design §5 says of the declarations of one achievement of one PCN, a second time and in plain code. Nothing of
 * the service is imported: where the two differ, one of them is wrong.
 */
export class ReferenceModel {
  readonly service = new ModelService();
  /** In the order in which they were opened; those that ended, too. */
  readonly declarations: ModelDeclaration[] = [];
  /** Whom the step that is being taken is about. */
  subject: ModelDeclaration | null = null;
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
  membership = 0;
  page = 1;
  /** Each result that differed from the one before it. */
  private readonly results: ModelFigures[] = [];

  /** The declaration of the achievement itself: the last one, where others lapsed before it. */
  get main(): ModelDeclaration | null {
    return this.declarations.findLast(({ kind }) => kind === 'achievement') ?? null;
  }
  get adjustments(): readonly ModelDeclaration[] {
    return this.declarations.filter(({ kind }) => kind === 'adjustment');
  }
  get adjustment(): ModelDeclaration | null {
    return this.adjustments.find((d) => d.isStanding) ?? null;
  }

  /** @param beside which of the adjustments, the open one and the newest first; 0: the achievement's own */
  lookAt(beside: number): void {
    const [open, newestFirst] = [this.adjustment, this.adjustments.toReversed()];
    const all = open ? [open, ...newestFirst.filter((d) => d !== open)] : newestFirst;
    this.subject = (beside > 0 ? all[Math.min(beside, all.length) - 1] : null) ?? this.main;
  }

  /** Why no step towards payment is possible, whatever the step. */
  obstacle(d: ModelDeclaration): string | null {
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
    else if (isWithdrawn(d) && !this.adjustment) return;
    else {
      if (f.result !== (d.override?.instead ?? d.latest).result) this.results.push(f);
      this.receive(d, f);
      if (d.isOpen || d.status === 'SETTLED_NIL') this.restate(d);
      else if (d.isSealed || d.status === 'LAPSED') this.settle();
      // Beside a line that is on its way, or is tried again, the difference is the line's.
      if (!d.isSealed && !d.isEnded && this.adjustment) refigure(this.adjustment, d.latest);
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
    const ordinal = this.declarations.length - this.adjustments.length;
    const d = new ModelDeclaration('achievement', ordinal, f, owedBeside(this.declarations, f.result));
    this.declarations.push(d);
    d.policy = d.followed = this.service.policy;
    d.reached = reached;
    d.holds = before?.pending ?? [];
    if (before) before.pending = [];
    d.awaiting = before?.awaiting ?? this.waitingAwaiting;
    d.blocked = before?.blocked ?? this.waitingBlocked;
    if (before) before.awaiting = before.blocked = 0;
    this.waitingAwaiting = this.waitingBlocked = 0;
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
    if (d.stated !== kept.result) this.restate(d);
    return null;
  }

  /** The newest result in place of the stated one. */
  restate(d: ModelDeclaration, pence = this.owedTo(d)): void {
    const wasNil = d.status === 'SETTLED_NIL';
    // Beside adjustments, ended ones too, what it owes also moves with theirs.
    const isAlone = this.adjustments.length === 0;
    if (d.stated === d.latest.result && (isAlone || d.pence === pence)) {
      if (wasNil) d.pending = d.pending.filter(({ version }) => d.latest.membership < version!);
      return;
    }
    d.stated = d.latest.result;
    // What recoveries took off it is owed back: then it is signed for nothing.
    const isOver = pence === 0n && d.netted === 0n && (d.kind === 'adjustment' || d.stated === 'nothing');
    if (!isOver) {
      d.reopen(pence);
      // What waited while it was settled for nothing holds what is open again.
      if (wasNil) d.holds.push(...d.pending.splice(0));
      return;
    }
    if (d.status === 'FINANCIALLY_APPROVED' || d.status === 'SETTLED_NIL') d.reopen(pence);
    d.pence = pence;
    d.lapse('NOTHING');
  }

  private owedTo(d: ModelDeclaration | null, result = d!.latest.result): bigint {
    const others = this.declarations.filter((other) => other !== d);
    return owedBeside(others, this.main && isWithdrawn(this.main) ? 'nothing' : result);
  }

  /** What is owed beyond what was sent stands in one adjustment. */
  settle(): void {
    const d = this.main!;
    const a = this.adjustment;
    const owed = this.owedTo(a, d.latest.result);
    if (a) {
      if (d.latest.revision <= a.latest.revision && owed === a.pence) return;
      a.take(d.latest);
      if (a.isOpen) this.restate(a, owed);
    } else if (owed !== 0n) this.openAdjustment(d, owed);
    else if (d.required === 0 && (d.isSealed || d.isEnded)) d.pending = [];
  }

  private openAdjustment(d: ModelDeclaration, owed: bigint): void {
    const ended = this.adjustments.filter((one) => one.status === 'LAPSED' && one.lapsedFor === 'NOTHING');
    const a = new ModelDeclaration('adjustment', this.adjustments.length, d.latest, owed);
    this.declarations.push(a);
    a.policy = d.policy;
    // Nobody has to look for what is new with it.
    if (d.policy === this.service.policy) a.followed = d.policy;
    a.period = d.late ?? this.service.period;
    [a.awaiting, a.blocked, a.required] = [d.awaiting, d.blocked, d.required];
    // A change that came with the figures that ended one, before its event, is still to come.
    const known = Math.max(0, ...ended.map(({ reached }) => reached));
    const newest = Math.max(known, d.reached, d.latest.membership);
    a.reached = ended.some((one) => one.isAhead) ? known : newest;
    for (const one of ended) one.reached = Math.max(a.reached, one.latest.membership);
    const standing = ended.flatMap((one) => one.pending.splice(0));
    const due = d.required > 0 ? d.pending.filter(({ version }) => version !== null) : [];
    a.holds = oncePerChange([...standing, ...due]);
    // A line that is to be sent again is still held for what holds it.
    if (d.isSealed || d.isEnded) d.pending = [];
  }

  /** The run is done with it: in a file, or without a line. What changed meanwhile can no longer be stopped. */
  settled(d: ModelDeclaration, sealed: bigint, netted: bigint): void {
    d.status = sealed > 0n ? 'SENT_TO_AGENCY' : 'PAID';
    d.sealed = sealed;
    d.netted += netted;
    d.pending = d.pending.filter(({ code }) => code !== 'BY_HAND');
    const main = this.main!;
    const isChanged = d.latest.result !== d.stated || d.required > 0 || isWithdrawn(main);
    if (!isChanged && claimOf(d) === d.pence && !this.isLeftOver(d)) {
      d.pending = [];
      return;
    }
    // What is not sent yet has heard of the change itself.
    if (d.kind === 'adjustment' && (main.isSealed || main.isEnded)) {
      main.required = Math.max(main.required, d.required);
      main.pending.push(...d.pending);
    }
    this.settle();
  }

  /** Another adjustment came back meanwhile and was absorbed: what it carried is still owed. */
  private isLeftOver(d: ModelDeclaration): boolean {
    const main = this.main!;
    if (d.kind === 'achievement' || !(main.isSealed || main.isEnded)) return false;
    return (
      this.adjustments.some(({ lapsedFor }) => lapsedFor === 'ABSORBED') &&
      this.owedTo(null, main.latest.result) !== 0n
    );
  }

  /** Nothing of its line is settled: it is tried again, or the open adjustment takes all of it over. */
  lost(d: ModelDeclaration): void {
    const main = this.main!;
    const other = this.adjustment;
    d.status = 'REJECTED_BY_AGENCY';
    d.sealed = null;
    if (other && (d.kind === 'adjustment' || other.isOpen)) {
      d.lapse('ABSORBED');
      this.settle();
    } else if (d.kind === 'adjustment') {
      refigure(d, main.latest);
      if (!main.isSealed) return;
      // Open again, it carries what is unresolved of its achievement.
      d.required = Math.max(d.required, main.required);
      d.pending = oncePerChange([...d.pending, ...main.pending.splice(0)]);
    } else if (other) {
      // What came while it was sent reached the other alone, which carried it for both.
      const isNews = (version: number | null): boolean =>
        version !== null && d.latest.membership < version && (d.override?.version ?? 0) < version;
      if (isNews(other.required)) d.required = Math.max(d.required, other.required);
      d.pending = oncePerChange([...d.pending, ...other.pending.filter(({ version }) => isNews(version))]);
    }
  }

  withdraw(d: ModelDeclaration): void {
    d.lapse('WITHDRAWN');
    // What its adjustments or recoveries took was owed beside it, and comes back.
    if (d.kind === 'achievement' && (d.netted !== 0n || this.adjustments.length > 0)) this.settle();
  }

  membershipChange(change: { version: number; code: HoldCode }): void {
    if (!this.changes.some(({ version }) => version === change.version)) this.changes.push(change);
    this.hold(change);
  }

  private hold(change: { version: number; code: HoldCode }): void {
    const hadAdjustment = this.adjustment !== null;
    for (const d of this.declarations) {
      if (d.isEnded || d.required >= change.version) continue;
      if (d.override && d.override.version >= change.version) continue;
      const isMade = d.latest.membership >= change.version;
      // Whether its figures or the change came first: it is looked at once.
      if (isMade && d.reached >= change.version) continue;
      d.reached = Math.max(d.reached, change.version);
      if (isMade && (d.isSealed || d.status === 'SETTLED_NIL')) continue;
      if (d.isSealed && (hadAdjustment || d.kind === 'adjustment')) continue;
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
    const waits = (d: ModelDeclaration): boolean =>
      d === this.main && d.status === 'LAPSED' && d.lapsedFor === 'NOTHING';
    for (const d of this.declarations)
      if ((!d.isEnded || waits(d)) && until > d.latest.revision) d[kind] = Math.max(d[kind], until);
  }

  /** After a run, or a correction: what was kept back takes effect. */
  resume(d: ModelDeclaration, after: 'run' | 'correction'): void {
    // A joining asks for a person's look, the others for figures that may have come meanwhile.
    const asksForPerson = ({ code, version }: ModelHold): boolean =>
      version === null || (after === 'run' && code === 'PCN_PRACTICE_JOINED');
    d.holds.push(...d.pending.filter((one) => asksForPerson(one) || d.latest.membership < one.version!));
    d.pending = [];
    this.restate(d);
  }
}

/** Figures that are its own all the same: it goes on stating what it states. */
function refigure(d: ModelDeclaration, f: ModelFigures): void {
  d.take(f);
  d.stated = f.result;
}

const oncePerChange = (holds: readonly ModelHold[]): ModelHold[] =>
  holds.filter(
    ({ version }, at) => version === null || !holds.slice(0, at).some((one) => one.version === version),
  );
