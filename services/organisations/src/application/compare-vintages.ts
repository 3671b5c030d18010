import type { LondonDate } from '@attest/calendar';
import { resolve, type Statement } from '../domain/memberships/statements.js';
import { spellOn } from '../domain/memberships/timeline.js';

type Statements = ReadonlyMap<string, readonly Statement[]>;

export interface Comparison {
  readonly inTheSamePcn: number;
  readonly inAnotherPcn: number;
  /** Named, and in no PCN by earlier statements. */
  readonly notKnownBefore: number;
  /** In a PCN by earlier statements, and not named. */
  readonly noLongerNamed: number;
}

/** How a list of practices with their PCN, as at one date, agrees with what earlier statements say of that date. */
export function compareWithEarlier(statements: Statements, asAt: LondonDate): Comparison {
  const counts = { inTheSamePcn: 0, inAnotherPcn: 0, notKnownBefore: 0, noLongerNamed: 0 };
  for (const said of statements.values()) {
    const compared = comparison(said, asAt);
    if (compared === null) continue;
    const { named, pcnCode, earlierPcn } = compared;
    if (!named) counts.noLongerNamed += earlierPcn === null ? 0 : 1;
    else if (earlierPcn === null) counts.notKnownBefore++;
    else if (earlierPcn === pcnCode) counts.inTheSamePcn++;
    else counts.inAnotherPcn++;
  }
  return counts;
}

/** Null where the list tells nothing of the practice, because a row that may be its own could not be read. */
function comparison(
  said: readonly Statement[],
  asAt: LondonDate,
): { named: boolean; pcnCode: string | null; earlierPcn: string | null } | null {
  const snapshot = said.find((s) => s.kind === 'snapshot' && s.asAt === asAt);
  if (snapshot?.kind !== 'snapshot') return null;
  const rest = said.filter((s) => s.kind === 'change' || s.asAt < asAt);
  const { named, pcnCode } = snapshot;
  return { named, pcnCode, earlierPcn: spellOn(resolve(rest), asAt)?.pcnCode ?? null };
}
