import {
  countingRevision,
  isBeforeConfirm,
  isEnded,
  isOpenAdjustment,
  isSealed,
  isWithdrawn,
  madeWith,
  type Declaration,
  type Figures,
  type LapseCode,
  type Marker,
} from '../core/declaration.js';
import { mayTake } from '../core/declaration.transitions.js';
import { notLate } from '../periods/late.js';
import { applyMembership, reachedAnew } from '../holds/memberships.js';
import { receive } from './override-steps.js';
import { releaseUnchanged } from '../signing/policy-steps.js';
import type { StimulusOf } from '../core/stimulus.js';
import { owedBeside, owedTo } from './owed.js';
import { settleAchievement } from './adjustments.js';
import { hasItsFigures, holdsWait, placeHolds, takeOverHolds } from '../holds/pending-holds.js';
import { SYSTEM, type Work } from '../core/work.js';

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

/** Figures, or that there are none to pay (design §4). Older ones and repeats change nothing. */
export function applyFigures(work: Work, s: StimulusOf<'figures'>): void {
  const { figures } = s;
  const main = mainOf(work.family);
  const before = work.family;
  if (main && figures.revision <= main.latest.revision) return;
  if (!main || mayOpenAgain(main)) {
    if (figures.notApplicable !== null) {
      if (main)
        work.set(main, {
          ...withFigures(main, figures),
          reachedBy: reachedAnew([main], figures.memberships),
        });
      return;
    }
    work.newResult = figures;
    open(work, s, main);
  } else if (isWithdrawn(main) && !work.family.some(isOpenAdjustment)) {
    // Newer figures do not bring it back.
    return;
  } else {
    const known = main.override?.instead?.hash ?? main.latest.resultHash;
    if (figures.resultHash !== known) work.newResult = figures;
    arrived(work, receive(work, main, s));
    refigureBeside(work, work.byId(main.declarationId)!);
    releaseUnchanged(work, before, main.latest);
  }
  for (const change of s.memberships) for (const d of work.family) applyMembership(work, d, change);
}

/** A lapse for want of anything to pay ends when there is something; a person's decision does not. */
export const mayOpenAgain = (main: Declaration): boolean =>
  main.status === 'LAPSED' && main.statusCode === 'NOT_APPLICABLE';

function arrived(work: Work, main: Declaration): void {
  if (isBeforeConfirm(main)) restate(work, main, owedTo(work.family, main));
  else if (isSealed(main) || main.status === 'LAPSED') settleAchievement(work, main);
  // Being sent, or rejected: what became of the line decides first.
  else if (main.latest.resultHash !== main.statedHash)
    work.note(main, 'record-change', { actor: 'system', code: 'CHANGED_AFTER_CONFIRM' });
  else work.note(main, 'refigure', SYSTEM, { statedRevision: countingRevision(main) });
}

/**
 * Beside a line that is not sent yet, or is tried again, the difference is the line's, and adjustments go on stating
 * what they state. The figures are theirs all the same: they wait for them as the line does.
 */
function refigureBeside(work: Work, main: Declaration): void {
  if (isSealed(main) || main.status === 'LAPSED') return;
  for (const adjustment of work.family.filter(isOpenAdjustment))
    work.note(adjustment, 'refigure', SYSTEM, {
      ...withFigures(adjustment, main.latest),
      statedRevision: main.latest.revision,
      statedHash: main.latest.resultHash,
    });
}

/** Takes newer figures, closes the markers and requirements that they satisfy. */
export function withFigures(d: Declaration, figures: Figures): Declaration {
  const open = (marker: Marker | null): Marker | null =>
    marker && figures.revision < marker.until ? marker : null;
  return {
    ...d,
    latest: figures,
    previous: figures.resultHash === d.latest.resultHash ? d.previous : d.latest,
    awaiting: open(d.awaiting),
    blocked: open(d.blocked),
    required: Object.fromEntries(
      Object.entries(d.required).filter(([pcn, version]) => !madeWith(figures, pcn, version)),
    ),
  };
}

/**
 * Puts the newest result in the place of the one that is stated. The same result moves a revision and nothing else;
 * another one reopens; nothing to pay any more ends it.
 */
export function restate(work: Work, d: Declaration, pence: bigint, code: string | null = null): void {
  const statedRevision = countingRevision(d);
  // Alone, an achievement's pence are part of its result; beside others, what it owes also moves with theirs.
  const alone = d.kind === 'achievement' && work.family.every((one) => one.kind === 'achievement');
  const same = d.statedHash === d.latest.resultHash && (alone || d.pence === pence);
  if (same) {
    // Settled for nothing on these figures: what waited for them is over.
    const awaited = d.pendingHolds.filter((hold) => !hasItsFigures(d, hold));
    const changes =
      d.status === 'SETTLED_NIL' ? { statedRevision, pendingHolds: awaited } : { statedRevision };
    work.note(d, 'refigure', SYSTEM, changes);
    return;
  }
  const ends = pence === 0n ? endCode(d) : null;
  const restated = { pence, statedRevision, statedHash: d.latest.resultHash };
  // What is reopened only to end says so: nobody has to declare it again.
  const why = { actor: 'system', code: ends ?? code, previousPence: d.pence } as const;
  const reopened =
    ends !== null && mayTake(d.status, 'lapse')
      ? d
      : work.take(d, 'recalculate', why, {
          ...restated,
          declarationVersion: d.declarationVersion + 1,
          ...UNSIGNED,
          ...notLate(d),
        });
  if (ends !== null)
    work.take(
      reopened,
      'lapse',
      { ...why, reason: d.latest.notApplicable },
      {
        ...restated,
        ...holdsWait(reopened),
        required: {},
        // What is opened in its place waits for the same figures; an adjustment takes its markers from its achievement.
        ...(d.kind === 'adjustment' ? NO_MARKERS : {}),
      },
    );
  // A change that came while it was settled for nothing holds what is open again.
  else if (d.status === 'SETTLED_NIL') placeHolds(work, reopened, reopened.pendingHolds);
}

/** What recoveries took off it is owed back: then it is signed for nothing, and its run takes the rest over as a debt. */
const endCode = (d: Declaration): LapseCode | null => {
  if (d.nettedPence !== 0n) return null;
  if (d.kind === 'adjustment') return 'NOTHING_OWED';
  return d.latest.notApplicable === null ? null : 'NOT_APPLICABLE';
};

export const UNSIGNED = {
  declaredBy: null,
  commissionerSignedBy: null,
  commissionerSignatures: [],
  financeSignedBy: null,
  financeBySystem: false,
  systemWaits: false,
  setAsideSigners: [],
} as const;

const NO_MARKERS = { awaiting: null, blocked: null } as const;

function open(work: Work, s: StimulusOf<'figures'>, lapsed: Declaration | undefined): void {
  const { awaiting, blocked } = lapsed ? withFigures(lapsed, s.figures) : NO_MARKERS;
  const reachedBy = reachedAnew(lapsed ? [lapsed] : [], s.figures.memberships);
  const fresh = { ...newDeclaration(work, 'achievement', s), awaiting, blocked, reachedBy };
  if (lapsed) work.set(lapsed, NO_MARKERS);
  // Beside one that lapsed: what was taken or waived then is not stated a second time.
  const opened = work.take(
    { ...fresh, pence: owedBeside(work.family, undefined, s.figures.pence) },
    'open',
    SYSTEM,
  );
  placeHolds(work, opened, takeOverHolds(work, 'achievement'));
}

/** A declaration before its first step: revision 0 is stored by nobody. */
export function newDeclaration(
  work: Work,
  kind: Declaration['kind'],
  {
    achievement,
    address,
    figures,
    policy = null,
  }: Pick<StimulusOf<'figures'>, 'achievement' | 'address' | 'figures' | 'policy'>,
): Declaration {
  return {
    declarationId: work.context.newId(),
    kind,
    ...achievement,
    ...address,
    status: 'AWAITING_PROVIDER_APPROVAL',
    statusSince: work.context.now,
    statusCode: null,
    statusReason: null,
    revision: 0,
    declarationVersion: 1,
    declaredVersion: 0,
    pence: figures.pence,
    statedRevision: figures.revision,
    statedHash: figures.resultHash,
    latest: figures,
    previous: null,
    required: {},
    reachedBy: figures.memberships,
    awaiting: null,
    blocked: null,
    holds: [],
    pendingHolds: [],
    override: null,
    resolutionSince: null,
    late: false,
    payableFrom: null,
    ownPeriod: null,
    attempt: 1,
    runId: null,
    ...UNSIGNED,
    policy,
    sealedPence: null,
    nettedPence: 0n,
    approvalVersion: 0,
    paymentVersion: 0,
  };
}

/** Something is being added up, or cannot be read: until the figures that it names it is not current. */
export function applyMarker(work: Work, { marker }: StimulusOf<'marker'>): void {
  const field = marker.code === null ? 'awaiting' : 'blocked';
  const main = mainOf(work.family);
  for (const d of work.family) {
    const known = d[field];
    const isNews = marker.until > d.latest.revision && (known === null || known.until < marker.until);
    const waits = d === main && mayOpenAgain(d);
    if (!isNews || (isEnded(d) && !waits)) continue;
    const changes = { [field]: known === null ? marker : { ...marker, since: known.since } };
    // Nobody waits for what lapsed, or is paid; what is opened in its place, or pays it again when its credit comes back,
    // has to know.
    if (waits || d.status === 'PAID') work.set(d, changes);
    else work.note(d, 'refigure', { actor: 'system', code: marker.code }, changes);
  }
}
