import type {
  AgencyPublishedState,
  DeclarationNews,
  OrganisationPayee,
  PeriodFreeze,
  Routing,
} from './reference.js';
import type { FixedRun, Payable } from '../domain/fix-files.js';
import type { OpenDebt } from '../domain/net-debts.js';
import type { RunAction, RunState } from '../domain/release-run.js';
import type { SealedLine } from '../domain/payment-file.js';
import type { PaymentFileManifest } from '@attest/contracts';
import type { CalendarEntryKey, Tx } from '@attest/persistence';

export interface ReleaseRun {
  readonly runId: string;
  readonly paymentPeriod: string;
  readonly sequence: number;
  readonly state: RunState;
  readonly cutOffAt: Date | null;
  readonly barrierId: string;
  readonly collectSeconds: number;
  readonly collectUntil: Date | null;
  /** When what it asks for was listed. */
  readonly listedAt: Date | null;
}

export interface NewRun {
  readonly runId: string;
  readonly paymentPeriod: string;
  readonly cutOffAt: Date | null;
  readonly barrierId: string;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly collectSeconds: number;
}

export interface Instruction {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly attempt: number;
}

/** An end of a run item that was not told yet. */
export interface UntoldItem extends Instruction {
  readonly state: string;
  readonly nettedPence: bigint;
  readonly debtPence: bigint;
  readonly code: string | null;
  readonly owedPence: bigint | null;
  readonly paymentVersion: bigint;
  readonly fileName: string | null;
  readonly lineNumber: number | null;
  readonly agencyCode: string | null;
  readonly pence: bigint | null;
  readonly payOn: string | null;
}

export interface Trouble {
  readonly code: string;
  readonly words: string;
}

/** Keys of the topics read here whose newest events could not be applied; `*` is every key. */
export interface ParkedKeys {
  readonly organisations: readonly string[];
  readonly services: readonly string[];
  readonly declarations: readonly string[];
}

/** What declaration-workflow answered to a request; it confirms the version and attempt that it was asked for. */
export interface ConfirmAnswer extends Instruction {
  readonly runId: string;
  readonly confirmed: boolean;
  readonly code: string | null;
  /** The newest payment event that it knows; null where the answer does not say. */
  readonly paymentVersion: number | null;
}

/** Runs and what they ask for. Everything takes sets; the run's row is locked by whoever advances it. */
export abstract class RunStore {
  abstract add(tx: Tx, run: NewRun): Promise<ReleaseRun>;
  abstract underWay(tx: Pick<Tx, 'query'>): Promise<ReleaseRun | undefined>;
  /** The run of this barrier, locked; undefined where the barrier was not ours. */
  abstract lockByBarrier(tx: Tx, barrierId: string): Promise<ReleaseRun | undefined>;
  /** The run under way, locked; undefined when there is none or another replica has it. */
  abstract takeUnderWay(tx: Tx): Promise<ReleaseRun | undefined>;
  /** Takes a step of the run's table; `end` says what it came to. @throws IllegalRunStepError */
  abstract step(
    tx: Tx,
    run: ReleaseRun,
    on: RunAction,
    end?: { readonly words: string; readonly at: Date },
  ): Promise<void>;
  /** Whether a published calendar has this payment period. */
  abstract knowsPeriod(tx: Pick<Tx, 'query'>, paymentPeriod: string): Promise<boolean>;
  /**
   * What is being sent by runs that are not known here, each with the next version of its payment events: a database
   * that came from a backup has forgotten them, and nobody else ends them.
   */
  abstract takeForgotten(
    tx: Tx,
  ): Promise<(Instruction & { readonly runId: string; readonly paymentVersion: bigint })[]>;
  /** Lists what is approved and payable now; what lacks something to be paid with is not included from the start. */
  abstract list(tx: Tx, run: ReleaseRun, parked: ParkedKeys, at: Date): Promise<void>;
  /**
   * Makes instructions of up to `limit` listed declarations, with payees as they are now.
   * @returns how many were looked at, and those that are to be asked for
   */
  abstract request(
    tx: Tx,
    run: ReleaseRun,
    limit: number,
  ): Promise<{ looked: number; asked: (Instruction & { readonly paymentVersion: bigint })[] }>;
  /** Asked for and not answered, or to be asked again: `askAgain` may have listed them since `request` looked. */
  abstract anyUnanswered(tx: Tx, runId: string): Promise<boolean>;
  /** Answers count only while the run collects. */
  abstract answer(tx: Tx, answers: readonly ConfirmAnswer[]): Promise<void>;
  /** Takes up the payment version that was answered, and lists those items again; only while the run collects. */
  abstract askAgain(tx: Tx, answers: readonly ConfirmAnswer[]): Promise<void>;
  /** What nobody answered is not included, nor what would have to be asked again. */
  abstract giveUpUnanswered(tx: Tx, runId: string, code: string): Promise<void>;
  /**
   * Lets the planner know what the tables hold now. Believing that a state is rare, it compares every row with every
   * other, which takes minutes at 45,000 rows instead of a second.
   */
  abstract countAnew(): Promise<void>;
  /** What it came to; kept with the run from now on. */
  abstract count(tx: Tx, runId: string): Promise<{ included: number; netted: number; notIncluded: number }>;
  /** Up to `limit` ends that were not told, each with the next version of its declaration's payment events. */
  abstract takeUntold(tx: Tx, runId: string, limit: number): Promise<UntoldItem[]>;
  /** What keeps the run from going on; answers whether that is news. Null: nothing does any more. */
  abstract noteTrouble(runId: string, trouble: Trouble | null): Promise<boolean>;
  /** Cut-offs that have passed within a day and had no run, where something may be payable. */
  abstract dueCutOffs(now: Date): Promise<{ paymentPeriod: string; cutOffAt: Date }[]>;
}

/** Lines and files, fixed in the database before a byte is written. */
export abstract class SealStore {
  /** Locks the accounts of all confirmed instructions and reads what the ledger says. In the order of lines. */
  abstract confirmed(tx: Tx, runId: string): Promise<Payable[]>;
  /** The first of these names that is no sealed file or manifest of ours, and how many are not. */
  abstract unknownOf(
    tx: Pick<Tx, 'query'>,
    names: readonly string[],
  ): Promise<{ first: string | null; count: number }>;
  /** What the providers of confirmed instructions still owe where the same agency pays them. Oldest first, locked. */
  abstract openDebts(tx: Tx, runId: string): Promise<OpenDebt[]>;
  abstract fix(tx: Tx, runId: string, fixed: FixedRun, at: Date): Promise<void>;
  abstract files(
    tx: Pick<Tx, 'query'>,
    runId: string,
  ): Promise<(PaymentFileManifest & { stored: boolean })[]>;
  abstract lines(tx: Pick<Tx, 'query'>, fileName: string): Promise<SealedLine[]>;
  abstract markStored(tx: Tx, fileName: string, at: Date): Promise<void>;
}

/** The file store, outside the database. */
export abstract class FileStore {
  /** Writes the file if it is not there. @throws SealedFileDiffersError where other bytes stand under the name; FileStoreUnavailableError */
  abstract put(fileName: string, bytes: Buffer): Promise<void>;
  /** @throws SealedFileMissingError, FileStoreUnavailableError */
  abstract read(fileName: string): Promise<Buffer>;
  /** All sealed files and manifests that stand in it. */
  abstract names(): Promise<string[]>;
}

/** What payment-export keeps of others' facts. */
export abstract class ReferenceStore {
  abstract payees(tx: Tx, payees: readonly OrganisationPayee[]): Promise<void>;
  abstract agencies(tx: Tx, agencies: readonly AgencyPublishedState[]): Promise<void>;
  /** Answers the calendar entries that stay although they are published no more: declarations rest on them. */
  abstract routings(tx: Tx, routings: readonly Routing[]): Promise<readonly CalendarEntryKey[]>;
  abstract freezes(tx: Tx, freezes: readonly PeriodFreeze[]): Promise<void>;
  /** Newest state by revision; entitlements of the versions that were approved, and what ended them. */
  abstract declarations(tx: Tx, news: readonly DeclarationNews[]): Promise<void>;
  /** The newest revision that is known, by declaration. */
  abstract revisions(tx: Tx, declarationIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}
