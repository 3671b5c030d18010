import type { LapseCode } from '@attest/contracts';
import {
  countingRevision,
  madeWith,
  UNSIGNED,
  type Declaration,
  type Figures,
  type Marker,
} from '../core/declaration.js';
import { mayTake } from '../core/declaration.transitions.js';
import { SYSTEM, type Work } from '../core/work.js';
import { holdsWait, placeHolds } from '../holds/pending-holds.js';
import { haveItsChange } from '../holds/release-hold.js';
import { notLate } from '../periods/late.js';

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
    const awaited = d.pendingHolds.filter((hold) => !haveItsChange(d.latest, hold));
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
          declarationVersion: work.context.versionAfter(d.declarationVersion),
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

export const NO_MARKERS = { awaiting: null, blocked: null } as const;
