import {
  countingRevision,
  isBeforeConfirm,
  isEnded,
  isOpenAdjustment,
  isSealed,
  isWithdrawn,
  mainOf,
  mayOpenAgain,
  type Declaration,
} from '../core/declaration.js';
import { newDeclaration } from '../core/new-declaration.js';
import type { StimulusOf } from '../core/stimulus.js';
import { SYSTEM, type Work } from '../core/work.js';
import { applyMembership, reachedAnew } from '../holds/memberships.js';
import { placeHolds, takeOverHolds } from '../holds/pending-holds.js';
import { releaseUnchanged } from '../holds/release-unchanged.js';
import { settleAchievement } from './adjustments.js';
import { receive } from './keep-earlier-figure.js';
import { owedBeside, owedTo } from './owed.js';
import { NO_MARKERS, restate, withFigures } from './restate.js';

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
