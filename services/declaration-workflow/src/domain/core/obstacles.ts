import type { LondonDate } from '@attest/calendar';
import type { DeclarationStatus } from '@attest/contracts';
import { isHeld, waitsForMembership, type Declaration } from './declaration.js';
import type { RefusalCode } from './refusals.js';

/** What of the world outside one declaration may stand in its way. */
export interface Surroundings {
  /** Something upstream that it depends on could not be read. */
  readonly parked: boolean;
  /** Its service and period are frozen. */
  readonly frozen: boolean;
}

/** Everything that forbids a step towards payment, and the code with which the step is refused. */
const OBSTACLES = {
  parked: 'UPSTREAM_EVENT_PARKED',
  frozen: 'PERIOD_FROZEN',
  held: 'ON_HOLD',
  blocked: 'UPSTREAM_EVENT_PARKED',
  awaiting: 'ACHIEVEMENT_AWAITING_AGGREGATION',
  notInCalendar: 'NOT_IN_CALENDAR',
  notOpen: 'NOT_YET_OPEN',
  late: 'LATE_FOR_THIS_CUT_OFF',
} as const satisfies Record<string, RefusalCode>;
export type Obstacle = keyof typeof OBSTACLES;

export const refusalOf = (obstacle: Obstacle | undefined): RefusalCode | null =>
  obstacle === undefined ? null : OBSTACLES[obstacle];

export const refusalsOf = (obstacles: readonly Obstacle[]): readonly RefusalCode[] => [
  ...new Set(obstacles.map((one) => OBSTACLES[one])),
];

const standing = (found: Readonly<Partial<Record<Obstacle, boolean>>>): readonly Obstacle[] =>
  (Object.keys(found) as Obstacle[]).filter((obstacle) => found[obstacle]);

/**
 * What forbids every forward step, whatever the step (design §5), in the order in which it is told. What somebody
 * stopped on purpose comes before what passes by itself.
 */
export const obstaclesTo = (d: Declaration, { parked, frozen }: Surroundings): readonly Obstacle[] =>
  standing({
    parked,
    frozen,
    held: isHeld(d),
    blocked: d.blocked !== null,
    awaiting: d.awaiting !== null || waitsForMembership(d),
  });

/** The code with which a forward step is refused that no date forbids; null when nothing stands in the way. */
export const obstacleTo = (d: Declaration, surroundings: Surroundings): RefusalCode | null =>
  refusalOf(obstaclesTo(d, surroundings)[0]);

export interface ToDeclare extends Surroundings {
  readonly today: LondonDate;
  /** Null: the payment calendar has no entry. */
  readonly opensOn: LondonDate | null;
}

export const obstaclesToDeclare = (d: Declaration, s: ToDeclare): readonly Obstacle[] => [
  ...obstaclesTo(d, s),
  ...standing({ notInCalendar: s.opensOn === null, notOpen: s.opensOn !== null && s.today < s.opensOn }),
];

export interface ToConfirm extends Surroundings {
  readonly now: Date;
  /** Of one that was declared late: the cut-off of its payment period, as the calendar has it now. */
  readonly payableFrom: Date | null;
}

/** The late queue: the run of a later period takes it. */
export const obstaclesToConfirm = (d: Declaration, s: ToConfirm): readonly Obstacle[] => [
  ...obstaclesTo(d, s),
  ...standing({ late: d.late && s.payableFrom !== null && s.payableFrom > s.now }),
];

/** A line that is to be sent again is corrected whatever its figures wait for: what they bring is settled when it goes. */
export const obstaclesToCorrect = (d: Declaration, s: Surroundings): readonly Obstacle[] =>
  obstaclesTo(d, s).filter((one) => one === 'parked' || one === 'frozen');

/** What forbids the step that comes next. Where no step of anybody here comes next, nothing does. */
export function obstaclesToNext(d: Declaration, s: ToDeclare & ToConfirm): readonly Obstacle[] {
  return NEXT[d.status](d, s);
}

const none = (): readonly Obstacle[] => [];
const NEXT: Readonly<
  Record<DeclarationStatus, (d: Declaration, s: ToDeclare & ToConfirm) => readonly Obstacle[]>
> = {
  AWAITING_PROVIDER_APPROVAL: obstaclesToDeclare,
  AWAITING_COMMISSIONER_APPROVAL: obstaclesTo,
  AWAITING_FINANCE_APPROVAL: obstaclesTo,
  FINANCIALLY_APPROVED: obstaclesToConfirm,
  REJECTED_BY_AGENCY: obstaclesToCorrect,
  RELEASING: none,
  SENT_TO_AGENCY: none,
  PAID: none,
  SETTLED_NIL: none,
  SETTLED_OUTSIDE: none,
  LAPSED: none,
};
