import type { LondonDate } from '@attest/calendar';
import { daysOnlyIn } from './difference.js';
import type { Spell } from './spell.js';
import { changeOn, stateFrom, timelineOf, type Timeline } from './timeline.js';

/** The whole history of one practice as a file of spells tells it. */
export interface HistoryStatement {
  readonly kind: 'history';
  readonly asAt: LondonDate;
  readonly spells: readonly Spell[];
  /** Whether a row that could not be read may be a spell of this practice, too. */
  readonly partial: boolean;
}

/** Where a practice is from a date on; a file that lists all practices of a date and not this one says: in no PCN. */
export interface SnapshotStatement {
  readonly kind: 'snapshot';
  readonly asAt: LondonDate;
  readonly pcnCode: string | null;
  /** False when the file does not have the practice at all. */
  readonly named: boolean;
}

/** A change that somebody recorded. It knows more than all files that were there before it. */
export interface ChangeStatement {
  readonly kind: 'change';
  readonly effectiveOn: LondonDate;
  readonly leaves: string | null;
  readonly joins: string | null;
  /** The later of its own date and the newest file there was. */
  readonly ranksOn: LondonDate;
}

export type Statement = (HistoryStatement | SnapshotStatement | ChangeStatement) & {
  /** Grows with each file and change, so that of two as at one date the later received wins. */
  readonly received: bigint;
};

const rankOf = (statement: Statement): LondonDate =>
  statement.kind === 'change' ? statement.ranksOn : statement.asAt;

function byRank(a: Statement, b: Statement): number {
  const [x, y] = [rankOf(a), rankOf(b)];
  if (x !== y) return x < y ? -1 : 1;
  return a.received < b.received ? -1 : 1;
}

/**
 * What is known of one practice from all that was said, in whatever order it was received: a later statement wins
 * from its date on; a history wins for the time before its date, too, because it alone names the days of change.
 */
export function resolve(statements: readonly Statement[]): Timeline {
  let timeline: Timeline = [];
  for (const statement of [...statements].sort(byRank)) timeline = apply(timeline, statement);
  return timeline;
}

function apply(timeline: Timeline, statement: Statement): Timeline {
  switch (statement.kind) {
    case 'history':
      return historyAfter(timeline, statement);
    case 'snapshot':
      return stateFrom(timeline, statement.asAt, statement.pcnCode);
    case 'change':
      return changeOn(timeline, statement.effectiveOn, statement);
  }
}

/** Days that a partial history lacks may be those of the row that could not be read: then what was known stands. */
function historyAfter(timeline: Timeline, { spells, partial }: HistoryStatement): Timeline {
  const told = timelineOf(spells);
  const takesAway = timeline.some(
    (spell) =>
      daysOnlyIn(
        [spell],
        told.filter(({ pcnCode }) => pcnCode === spell.pcnCode),
      ).length > 0,
  );
  return partial && takesAway ? timeline : told;
}
