import type { Hold } from '@attest/contracts';
import {
  isOverridden,
  madeWith,
  type Declaration,
  type Figures,
  type Override,
} from '../core/declaration.js';
import { restate, withFigures } from './restate.js';
import { withoutHold } from '../holds/release-hold.js';
import { owedTo } from './owed.js';
import type { MembershipChange, StimulusOf } from '../core/stimulus.js';
import type { Work } from '../core/work.js';

/**
 * A practice joined, and its commissioner keeps the figure from before: signed, with a reason, for exactly that
 * membership version (rule 3). Figures made with it may still be on their way, or may have reopened the declaration.
 */
export function applyKeepEarlierFigure(
  work: Work,
  d: Declaration,
  s: StimulusOf<'keep-earlier-figure'>,
): void {
  const hold = d.holds.find((one) => one.holdId === s.holdId);
  if (!hold) return work.refuse('HOLD_UNKNOWN');
  const { pcnCode, membershipVersion } = hold;
  if (hold.code !== 'PCN_PRACTICE_JOINED' || pcnCode === null || membershipVersion === null)
    return work.refuse('HOLD_NOT_JOINED');
  if (d.kind === 'adjustment') return work.refuse('KEEP_NOT_FOR_ADJUSTMENTS');
  if (!s.confirmed) return work.refuse('KEEP_CONFIRMATION_MISSING');
  // Covered by the override of a later joining: its signature is added, and no figure moves.
  const covered = isOverridden(d, pcnCode, membershipVersion);
  const arrived = !covered && madeWith(d.latest, pcnCode, membershipVersion);
  const earlier = arrived
    ? earlierOf(d, s, pcnCode, membershipVersion)
    : { ...d.latest, inputs: inputsOf(d, s) };
  if (earlier === null || earlier.notApplicable !== null) return work.refuse('EARLIER_FIGURE_MISSING');
  const kept = d.override?.kept ?? earlier;
  if (arrived && kept.resultHash === d.latest.resultHash) return work.refuse('NOTHING_TO_KEEP');
  const { personId, forOrganisation, reason } = s;
  const override: Override = {
    versions: covered ? d.override!.versions : { ...d.override?.versions, [pcnCode]: membershipVersion },
    kept,
    instead: arrived ? resultOf(d.latest) : (d.override?.instead ?? null),
    reason,
    signedBy: personId,
    signedFor: forOrganisation,
    signedAt: work.context.now,
  };
  if (coversMore(d, override, hold, s.memberships)) return work.refuse('KEEP_COVERS_MORE');
  if (arrived && !isSignedFor({ ...override, instead: null }, d.latest))
    return work.refuse('KEEP_COVERS_MORE');
  const signed = work.note(
    d,
    'keep-figure',
    { actor: 'commissioner', personId, forOrganisation, reason, code: hold.code, previousPence: d.pence },
    {
      ...withoutHold(d, hold.holdId),
      required: Object.fromEntries(
        Object.entries(d.required).filter(([pcn, version]) => pcn !== pcnCode || version > membershipVersion),
      ),
      override,
      latest: asKept(d.latest, override),
    },
  );
  if (signed.statedHash !== kept.resultHash)
    restate(work, signed, owedTo(work.family, signed), 'EARLIER_FIGURE_KEPT');
}

/** The newest figure from before a change, with what it was made from last. */
const earlierOf = (
  { previous }: Declaration,
  { earlier }: StimulusOf<'keep-earlier-figure'>,
  pcnCode: string,
  version: number,
): Figures | null => (previous && !madeWith(previous, pcnCode, version) ? previous : earlier);

/** Of a declaration from before this was kept only what its result was first made from is known. */
const inputsOf = (
  { latest }: Declaration,
  { earlier }: StimulusOf<'keep-earlier-figure'>,
): Figures['inputs'] => latest.inputs ?? earlier?.inputs ?? null;

/**
 * A figure from before this change is from before every other one that came in between, too. Where that one is not
 * signed for, nobody would ever look at it: figures made with it would be taken for what was signed. A practice that
 * joined and whose hold still stands is looked at when that hold is.
 */
function coversMore(
  d: Declaration,
  { versions, kept }: Override,
  hold: Hold,
  memberships: readonly MembershipChange[],
): boolean {
  const isDecided = ({ pcnCode, version }: MembershipChange): boolean =>
    isOverridden(d, pcnCode, version) ||
    d.holds.some(
      (one) =>
        one.code === 'PCN_PRACTICE_JOINED' && one.pcnCode === pcnCode && one.membershipVersion === version,
    );
  return memberships.some(
    (change) =>
      change.pcnCode === hold.pcnCode &&
      !madeWith(kept, change.pcnCode, change.version) &&
      change.version <= (versions[change.pcnCode] ?? 0) &&
      !isDecided(change),
  );
}

/** Newer figures reach a declaration: under an override its result stays, or the override ends with them. */
export function receive(
  work: Work,
  d: Declaration,
  { figures }: Pick<StimulusOf<'figures'>, 'figures'>,
): Declaration {
  const { override } = d;
  if (!override) return withFigures(d, figures);
  if (figures.resultHash === override.kept.resultHash) return withFigures(d, figures);
  if (isSignedFor(override, figures))
    return withFigures(
      { ...d, override: { ...override, instead: resultOf(figures) } },
      asKept(figures, override),
    );
  const required = { ...d.required };
  for (const [pcn, version] of Object.entries(override.versions))
    required[pcn] = Math.max(required[pcn] ?? 0, version);
  const ended = withFigures({ ...d, required }, figures);
  // What was stated in place of another figure is no earlier figure: the results tell which one that was.
  const previous = override.instead ? null : ended.previous;
  return work.note(ended, 'end-override', ENDED, { override: null, previous });
}

const ENDED = {
  actor: 'system',
  code: 'OVERRIDE_ENDED',
  reason: 'other figures arrived than those for which the earlier one was kept',
} as const;

const asKept = (figures: Figures, { kept }: Override): Figures => ({
  ...figures,
  pence: kept.pence,
  resultHash: kept.resultHash,
  notApplicable: kept.notApplicable,
});

const resultOf = ({ resultHash, pence, revision, memberships }: Figures): Override['instead'] => ({
  hash: resultHash,
  pence,
  revision,
  memberships,
});

/** Another result that comes of the memberships it was signed for, and of nothing else. */
function isSignedFor({ versions, kept, instead }: Override, figures: Figures): boolean {
  let moved = false;
  let sameAsBefore = instead !== null;
  for (const pcn of new Set([...Object.keys(kept.memberships), ...Object.keys(figures.memberships)])) {
    const before = kept.memberships[pcn] ?? 0;
    const now = figures.memberships[pcn] ?? 0;
    if (now !== (instead?.memberships[pcn] ?? 0)) sameAsBefore = false;
    if (now === before) continue;
    if (now < before || now > (versions[pcn] ?? 0)) return false;
    moved = true;
  }
  if (!moved) return false;
  // The memberships are those of the result that was set aside, so another result comes of something else.
  if (sameAsBefore) return figures.resultHash === instead!.hash;
  // A practice that joined brings inputs of its own; those that were there have to be the same.
  return Object.entries(kept.inputs ?? {}).every(
    ([key, version]) => (figures.inputs?.[key] ?? version) === version,
  );
}
