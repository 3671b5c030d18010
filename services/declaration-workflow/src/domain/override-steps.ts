import { madeWith, type Declaration, type Figures, type Override } from './declaration.js';
import { restate, withFigures } from './figures.js';
import { without } from './hold-steps.js';
import { owedTo } from './owed.js';
import type { StimulusOf } from './stimulus.js';
import type { Work } from './work.js';

/**
 * A practice joined, and its commissioner keeps the figure from before: signed, with a reason, for exactly that
 * membership version (rule 3). Figures made with it may still be on their way, or may have reopened the declaration.
 */
export function applyKeepEarlierFigure(
  work: Work,
  d: Declaration,
  s: StimulusOf<'keep-earlier-figure'>,
): void {
  if (s.seenRevision !== null && s.seenRevision !== d.revision) return work.refuse('STALE_VERSION');
  const hold = d.holds.find((one) => one.holdId === s.holdId);
  if (!hold) return work.refuse('HOLD_UNKNOWN');
  const { pcnCode, membershipVersion } = hold;
  if (hold.code !== 'PCN_PRACTICE_JOINED' || pcnCode === null || membershipVersion === null)
    return work.refuse('HOLD_NOT_JOINED');
  if (d.kind === 'adjustment') return work.refuse('KEEP_NOT_FOR_ADJUSTMENTS');
  if (!s.confirmed) return work.refuse('KEEP_CONFIRMATION_MISSING');
  const arrived = madeWith(d.latest, pcnCode, membershipVersion);
  if (arrived && !s.earlier) return work.refuse('EARLIER_FIGURE_MISSING');
  const kept = d.override?.kept ?? (arrived ? s.earlier! : { ...d.latest, inputs: s.earlier?.inputs ?? {} });
  if (arrived && kept.resultHash === d.latest.resultHash) return work.refuse('NOTHING_TO_KEEP');
  const { personId, forOrganisation, reason } = s;
  const override: Override = {
    versions: { ...d.override?.versions, [pcnCode]: membershipVersion },
    kept,
    instead: arrived ? resultOf(d.latest) : (d.override?.instead ?? null),
    reason,
    signedBy: personId,
    signedFor: forOrganisation,
    signedAt: work.context.now,
  };
  const signed = work.note(
    d,
    'keep-figure',
    { actor: 'commissioner', personId, forOrganisation, reason, code: hold.code, previousPence: d.pence },
    {
      ...without(d, hold.holdId),
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

/** Newer figures reach a declaration: under an override its result stays, or the override ends with them. */
export function receive(
  work: Work,
  d: Declaration,
  { figures, inputs = {} }: Pick<StimulusOf<'figures'>, 'figures' | 'inputs'>,
): Declaration {
  const { override } = d;
  if (!override) return withFigures(d, figures);
  if (figures.resultHash === override.kept.resultHash) return withFigures(d, figures);
  if (isSignedFor(override, figures, inputs))
    return withFigures(
      { ...d, override: { ...override, instead: resultOf(figures) } },
      asKept(figures, override),
    );
  const required = { ...d.required };
  for (const [pcn, version] of Object.entries(override.versions))
    required[pcn] = Math.max(required[pcn] ?? 0, version);
  return work.note(withFigures({ ...d, required }, figures), 'end-override', ENDED, { override: null });
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
function isSignedFor(
  { versions, kept, instead }: Override,
  figures: Figures,
  inputs: Readonly<Record<string, number>>,
): boolean {
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
  return Object.entries(kept.inputs).every(([key, version]) => (inputs[key] ?? version) === version);
}
