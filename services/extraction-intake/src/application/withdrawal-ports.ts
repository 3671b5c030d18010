import type { Tx } from '@attest/persistence';
import type { Said, Standing } from '../domain/what-stands.js';
import type { WithdrawalState } from '../domain/withdrawal.js';
import type { PeriodKey } from './ports.js';

export interface Withdrawal {
  readonly withdrawalId: string;
  readonly fileId: string;
  readonly state: WithdrawalState;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
}

export interface WithdrawalStep {
  readonly at: Date;
  readonly personId: string;
  readonly to: WithdrawalState;
  readonly reason: string | null;
}

/** What a file said something about, and what else was said of it. */
export interface PageHistory {
  readonly practiceCode: string;
  readonly practiceName: string | null;
  /** Without what withdrawn files said. */
  readonly said: readonly Said[];
}

/** A page's newest version, as far as withdrawing changes it. */
export interface StandingPage {
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly values: readonly (number | null)[];
  readonly fileId: string;
  readonly amendmentId: string | null;
  readonly submittedAt: Date;
  readonly nothingStands: boolean;
}

export interface RestoredPage {
  readonly practiceCode: string;
  readonly pageVersion: number;
  /** Undefined: nothing stands any more. */
  readonly standing: Standing | undefined;
  readonly rulePackVersion: number;
  readonly fields: number;
}

/** Why a page has a version that nobody said: a file was withdrawn, or an older one came late. */
export interface RestoredBy {
  readonly fileId: string;
  /** Null where the file came late. */
  readonly withdrawalId: string | null;
}

export abstract class WithdrawalStore {
  abstract periodsOf(tx: Tx, fileId: string): Promise<PeriodKey[]>;
  /** Of the practices of which this file said something, as if it had not come. */
  abstract histories(tx: Tx, period: PeriodKey, fileId: string): Promise<PageHistory[]>;
  /** Of these practices. */
  abstract historiesOf(tx: Tx, period: PeriodKey, practices: readonly string[]): Promise<PageHistory[]>;
  abstract standing(tx: Tx, period: PeriodKey): Promise<Map<string, StandingPage>>;
  abstract addRestored(
    tx: Tx,
    period: PeriodKey,
    by: RestoredBy,
    pages: readonly RestoredPage[],
  ): Promise<void>;
  /** The newest of a file. */
  abstract find(fileId: string): Promise<{ withdrawal: Withdrawal; steps: WithdrawalStep[] } | undefined>;
  /** One after another for each file, until the end of the transaction. */
  abstract lock(tx: Tx, fileId: string): Promise<Withdrawal | undefined>;
  abstract add(tx: Tx, withdrawal: Withdrawal): Promise<void>;
  abstract decide(
    tx: Tx,
    withdrawal: Withdrawal,
    step: {
      readonly to: WithdrawalState;
      readonly personId: string;
      readonly at: Date;
      readonly reason: string | null;
    },
  ): Promise<void>;
  /** From now on the file counts as if it had not come. */
  abstract markWithdrawn(tx: Tx, fileId: string, at: Date): Promise<void>;
}
