import type { LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import type { Declaration } from '../../domain/core/declaration.js';
import type { Freeze, NewDeadlines, PeriodDeadlines, StandingFreeze } from '../../domain/periods/freeze.js';

export interface PeriodOfService {
  readonly serviceCode: string;
  readonly achievementDate: LondonDate;
}

type Reached = Pick<Declaration, 'serviceCode' | 'achievementDate' | 'commissionerCode'>;

/** The freezes that stand, as they reach one declaration. */
export interface StandingFreezes {
  of(d: Reached): StandingFreeze | null;
}

/** What stands frozen or is about to be: nothing is known yet of a freeze that has not committed. */
export interface FrozenNow {
  has(d: Reached): boolean;
}

export const NOTHING_FROZEN: StandingFreezes = { of: () => null };

/**
 * Every forward step shares the periods of what it moves, before it locks a declaration, and asks for the freezes
 * afterwards; a freeze takes its period alone. So no step is under way when a freeze begins, and each later one sees it.
 */
export abstract class FreezeGuard {
  abstract share(tx: Tx, declarationIds: readonly string[]): Promise<void>;
  /**
   * For steps of the system, taken when declarations are locked already: it never waits. A period that somebody is about
   * to freeze counts as frozen; whoever asks looks again later.
   */
  abstract shareNow(tx: Tx, periods: readonly PeriodOfService[]): Promise<FrozenNow>;
  abstract alone(tx: Tx, period: PeriodOfService): Promise<void>;
  abstract standing(tx: Pick<Tx, 'query'>): Promise<StandingFreezes>;
}

export interface FreezeFilter {
  readonly serviceCode?: string | undefined;
  readonly achievementDate?: string | undefined;
  readonly standing?: boolean | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export abstract class FreezeStore {
  /** The dates of this period in the calendar; undefined: no calendar has it. */
  abstract deadlinesOf(tx: Tx, period: PeriodOfService): Promise<PeriodDeadlines | undefined>;
  /** Commissioners, regions and England: whose declarations a freeze may reach. */
  abstract isScope(tx: Tx, code: string): Promise<boolean>;
  /** The number that the next freeze or thaw of this period has. Ask under the period's lock. */
  abstract nextVersion(tx: Tx, period: PeriodOfService): Promise<number>;
  /** False when one stands already for this scope. */
  abstract add(tx: Tx, freeze: Freeze): Promise<boolean>;
  abstract lock(tx: Tx, freezeId: string): Promise<Freeze | undefined>;
  abstract thaw(
    tx: Tx,
    freezeId: string,
    by: { personId: string; at: Date; version: number } & NewDeadlines,
  ): Promise<void>;
  abstract askRevert(
    tx: Tx,
    freezeId: string,
    by: { reason: string; personId: string; forOrganisation: string; at: Date },
  ): Promise<void>;
  /** Freezes whose approvals are still to be reverted. */
  abstract reverting(): Promise<string[]>;
  /** The next declarations with signatures to take back, in id order, locked. */
  abstract lockRevertable(tx: Tx, freeze: Freeze, limit: number): Promise<Declaration[]>;
  abstract countReverted(tx: Tx, freezeId: string, more: number): Promise<void>;
  /** Done once nothing is left and no run holds any of it; answers whether it is. */
  abstract endRevert(tx: Tx, freeze: Freeze, at: Date): Promise<boolean>;

  /** Those that reach the caller's organisations. */
  abstract list(scope: readonly string[], filter: FreezeFilter): Promise<Freeze[]>;
  abstract one(scope: readonly string[], freezeId: string): Promise<Freeze | undefined>;
}
