import type { LondonDate } from '@attest/calendar';
import { resolve, type Statement } from '../domain/memberships/statements.js';
import { spellOn } from '../domain/memberships/timeline.js';
import { MembershipFileIncompleteError } from '../domain/organisations.errors.js';

type Statements = ReadonlyMap<string, readonly Statement[]>;

/** So few may always be left out; more than this share of all members is no whole list of practices. */
const ALWAYS_LEFT_OUT = 20;
const LEFT_OUT_PERCENT = 10;

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
    const { named, pcnCode, earlierPcn } = comparison(said, asAt);
    if (!named) counts.noLongerNamed += earlierPcn === null ? 0 : 1;
    else if (earlierPcn === null) counts.notKnownBefore++;
    else if (earlierPcn === pcnCode) counts.inTheSamePcn++;
    else counts.inAnotherPcn++;
  }
  return counts;
}

/** @throws MembershipFileIncompleteError when a list leaves out more members than a whole one does */
export function refuseHalfAFile(asAt: LondonDate, compared: Comparison): void {
  const { noLongerNamed } = compared;
  const members = compared.inTheSamePcn + compared.inAnotherPcn + noLongerNamed;
  if (noLongerNamed > ALWAYS_LEFT_OUT && noLongerNamed * 100 > members * LEFT_OUT_PERCENT)
    throw new MembershipFileIncompleteError(asAt, members, noLongerNamed);
}

function comparison(
  said: readonly Statement[],
  asAt: LondonDate,
): { named: boolean; pcnCode: string | null; earlierPcn: string | null } {
  const snapshot = said.find((s) => s.kind === 'snapshot' && s.asAt === asAt);
  const rest = said.filter((s) => s.kind === 'change' || s.asAt < asAt);
  return {
    named: snapshot?.kind === 'snapshot' && snapshot.named,
    pcnCode: snapshot?.kind === 'snapshot' ? snapshot.pcnCode : null,
    earlierPcn: spellOn(resolve(rest), asAt)?.pcnCode ?? null,
  };
}
