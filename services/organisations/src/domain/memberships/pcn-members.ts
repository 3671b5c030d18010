import type { PcnMembershipState } from '@attest/contracts';
import { differenceOf } from './difference.js';
import type { MemberSpell } from './spell.js';
import type { Timeline } from './timeline.js';

export type MembershipEventKind = 'established' | 'joined' | 'left' | 'corrected';

/** What is published about one PCN, and as which kind of fact. */
export interface PcnChange {
  readonly kind: MembershipEventKind;
  readonly state: PcnMembershipState;
}

interface VersionedMembers {
  readonly version: bigint;
  readonly members: readonly MemberSpell[];
}

/** Members of each PCN, from what is known of each practice; a PCN's own are in practice and date order. */
export function membersByPcn(timelines: ReadonlyMap<string, Timeline>): Map<string, MemberSpell[]> {
  const members = new Map<string, MemberSpell[]>();
  for (const practiceCode of [...timelines.keys()].sort()) {
    for (const { pcnCode, from, to } of timelines.get(practiceCode)!) {
      const list = members.get(pcnCode);
      if (list) list.push({ practiceCode, from, to });
      else members.set(pcnCode, [{ practiceCode, from, to }]);
    }
  }
  return members;
}

/** The members of these PCNs with the spells of the practices that moved as they are now. */
export function replaced(
  known: ReadonlyMap<string, { readonly members: readonly MemberSpell[] }>,
  moved: ReadonlyMap<string, Timeline>,
): Map<string, MemberSpell[]> {
  const now = membersByPcn(moved);
  return new Map(
    [...known].map(([pcnCode, { members }]) => [
      pcnCode,
      [...members.filter(({ practiceCode }) => !moved.has(practiceCode)), ...(now.get(pcnCode) ?? [])].sort(
        (a, b) => compare(a.practiceCode, b.practiceCode) || compare(a.from, b.from),
      ),
    ]),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The event that takes a PCN from what was published to what is known now; null when nothing differs.
 * @param correction the cause is a file of histories: what was known before was wrong, whichever way it differs
 */
export function pcnChange(
  pcnCode: string,
  known: VersionedMembers,
  { version, members }: VersionedMembers,
  correction: boolean,
): PcnChange | null {
  const difference = differenceOf(known.members, members);
  if (difference === null) return null;
  const { changedPractices, changedFrom, changedTo, gained, lost } = difference;
  const kind: MembershipEventKind =
    known.version === 0n
      ? 'established'
      : correction || (gained && lost)
        ? 'corrected'
        : gained
          ? 'joined'
          : 'left';
  return {
    kind,
    state: {
      pcnCode,
      membershipVersion: Number(version),
      members: members.map(({ practiceCode, from, to }) => ({ practiceCode, from, to })),
      changedPractices: [...changedPractices],
      changedFrom,
      changedTo,
    },
  };
}
