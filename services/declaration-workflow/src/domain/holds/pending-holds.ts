import type { Hold } from '@attest/contracts';
import type { Declaration } from '../core/declaration.js';
import type { Work } from '../core/work.js';
import { haveItsChange } from './release-hold.js';

/** It asks for a person's look, whatever figures have come. */
const asksForPerson = (hold: Hold): boolean => hold.waitsFor === null;

/**
 * Puts the waiting holds on a declaration that can be stopped again. What waited for figures alone is over when they
 * have come. After a run that left it out, what asks for a person stands all the same; after a rejection people were
 * told of the change and have looked at it since.
 */
export function placePendingHolds(
  work: Work,
  d: Declaration,
  after: 'not-included' | 'corrected',
): Declaration {
  const stands = (hold: Hold): boolean =>
    !haveItsChange(d.latest, hold) || (after === 'not-included' && asksForPerson(hold));
  const held = placeHolds(work, d, d.pendingHolds.filter(stands));
  return held.pendingHolds.length > 0 ? work.set(held, { pendingHolds: [] }) : held;
}

/** Each in a step of its own, so that the history shows every one. */
export const placeHolds = (work: Work, d: Declaration, holds: readonly Hold[]): Declaration =>
  holds.reduce(
    (held, hold) =>
      work.note(
        held,
        'hold',
        { actor: 'system', code: hold.code },
        {
          holds: [...held.holds, hold],
          pendingHolds: held.pendingHolds.filter((p) => p.holdId !== hold.holdId),
        },
      ),
    d,
  );

/** What lapses for want of anything to pay keeps its holds waiting: nobody has released them. */
export const holdsWait = (d: Declaration): Pick<Declaration, 'holds' | 'pendingHolds'> => ({
  holds: [],
  pendingHolds: [...d.pendingHolds, ...d.holds],
});

/**
 * What is opened in the place of what lapsed takes its holds over, also those whose figures have arrived meanwhile:
 * a person looks at them before anything is paid.
 */
export function takeOverHolds(work: Work, kind: Declaration['kind']): readonly Hold[] {
  const lapsed = work.family.filter(
    (d) => d.kind === kind && d.status === 'LAPSED' && d.pendingHolds.length > 0,
  );
  for (const d of lapsed) work.set(d, { pendingHolds: [] });
  return lapsed.flatMap((d) => d.pendingHolds);
}

/** One change holds once, whichever declaration waited for it. */
export const oncePerChange = (holds: readonly Hold[]): readonly Hold[] =>
  holds.filter(
    (hold, at) =>
      hold.pcnCode === null ||
      !holds
        .slice(0, at)
        .some((one) => one.pcnCode === hold.pcnCode && one.membershipVersion === hold.membershipVersion),
  );
