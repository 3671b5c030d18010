import type { AgencyPublishedState, OrganisationPayee, Routing } from './reference.js';
import type { DeclarationNews } from './follow-declarations.js';
import type { Acknowledgement, AnsweredLine, QuarantineCode } from '../domain/acknowledgement.js';
import type { Standing } from '../domain/ledger.js';
import type { SealedLine } from '../domain/payment-file.js';
import type { PaymentFileManifest } from '@attest/contracts';
import type { Tx } from '@attest/persistence';

export type RunState = 'waiting' | 'collecting' | 'sealing' | 'sealed' | 'aborted';

export interface ReleaseRun {
  readonly runId: string;
  readonly paymentPeriod: string;
  readonly sequence: number;
  readonly state: RunState;
  readonly barrierId: string;
  readonly collectSeconds: number;
  readonly collectUntil: Date | null;
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

export interface ConfirmedInstruction extends Instruction, Standing {
  readonly agencyCode: string;
  readonly providerCode: string;
  readonly payeeCode: string;
  readonly accountReference: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly payOn: string;
  readonly signedPence: bigint;
}

export interface NotIncluded {
  readonly declarationId: string;
  readonly code: string;
  readonly owedPence: bigint | null;
}

export interface FixedFile {
  readonly manifest: PaymentFileManifest;
  readonly lines: readonly SealedLine[];
}

/** An end of a run item that was not told yet. */
export interface UntoldItem extends Instruction {
  readonly included: boolean;
  readonly code: string | null;
  readonly owedPence: bigint | null;
  readonly paymentVersion: bigint;
  readonly fileName: string | null;
  readonly lineNumber: number | null;
  readonly agencyCode: string;
  readonly pence: bigint;
  readonly payOn: string;
}

/** Runs and what they ask for. Everything takes sets; the run's row is locked by whoever advances it. */
export abstract class RunStore {
  abstract add(tx: Tx, run: NewRun): Promise<ReleaseRun>;
  abstract underWay(tx: Pick<Tx, 'query'>): Promise<ReleaseRun | undefined>;
  /** The run of this barrier, locked; undefined where the barrier was not ours. */
  abstract lockByBarrier(tx: Tx, barrierId: string): Promise<ReleaseRun | undefined>;
  /** The run under way, locked; undefined when there is none or another replica has it. */
  abstract takeUnderWay(tx: Tx): Promise<ReleaseRun | undefined>;
  abstract collect(tx: Tx, runId: string): Promise<void>;
  abstract abort(tx: Tx, runId: string, words: string, at: Date): Promise<void>;
  abstract seal(tx: Tx, runId: string): Promise<void>;
  abstract end(tx: Tx, runId: string, words: string, at: Date): Promise<void>;
  /** Makes instructions of up to `limit` approved declarations that this run did not ask for; payees as they are now. */
  abstract request(
    tx: Tx,
    run: ReleaseRun,
    limit: number,
  ): Promise<(Instruction & { readonly paymentVersion: bigint })[]>;
  abstract unanswered(tx: Tx, runId: string): Promise<number>;
  /** Answers count only while the run collects. */
  abstract answer(
    tx: Tx,
    answers: readonly { runId: string; declarationId: string; confirmed: boolean; code: string | null }[],
  ): Promise<void>;
  /** What nobody answered is not included. */
  abstract giveUpUnanswered(tx: Tx, runId: string, code: string): Promise<void>;
  abstract counts(tx: Pick<Tx, 'query'>, runId: string): Promise<{ included: number; notIncluded: number }>;
  /** Up to `limit` ends that were not told, each with the next version of its declaration's payment events. */
  abstract takeUntold(tx: Tx, runId: string, limit: number): Promise<UntoldItem[]>;
  /** Cut-offs that have passed within a day and had no run, where something may be payable. */
  abstract dueCutOffs(now: Date): Promise<{ paymentPeriod: string; cutOffAt: Date }[]>;
}

/** Lines and files, fixed in the database before a byte is written. */
export abstract class SealStore {
  /** Locks the accounts of all confirmed instructions and computes what each is owed. Ordered by agency and line. */
  abstract confirmed(tx: Tx, runId: string): Promise<ConfirmedInstruction[]>;
  abstract fix(
    tx: Tx,
    runId: string,
    files: readonly FixedFile[],
    notIncluded: readonly NotIncluded[],
    at: Date,
  ): Promise<void>;
  abstract files(
    tx: Pick<Tx, 'query'>,
    runId: string,
  ): Promise<(PaymentFileManifest & { stored: boolean })[]>;
  abstract lines(tx: Pick<Tx, 'query'>, fileName: string): Promise<SealedLine[]>;
  abstract markStored(tx: Tx, fileName: string, at: Date): Promise<void>;
}

/** The file store, outside the database. */
export abstract class FileStore {
  /** Writes the file if it is not there. @throws SealedFileDiffersError where other bytes stand under the name */
  abstract put(fileName: string, bytes: Buffer): Promise<void>;
  abstract read(fileName: string): Promise<Buffer>;
}

export interface LockedLine extends AnsweredLine, Instruction {
  readonly runId: string;
  readonly fileName: string;
  readonly lineNumber: number;
  readonly agencyCode: string;
}

export interface ReadLine {
  readonly line: number;
  readonly text: string;
  readonly answer: Acknowledgement | QuarantineCode;
}

export interface AcknowledgementReceipt {
  readonly fileId: string;
  readonly fileName: string;
  readonly agencyCode: string;
  readonly receivedAt: Date;
  readonly lines: number;
  readonly applied: number;
  readonly repeated: number;
  readonly quarantined: number;
}

export interface LineResult {
  readonly line: number;
  readonly state: 'applied' | 'repeated' | 'quarantined';
  readonly code: string | null;
  readonly words: string | null;
  readonly text: string;
}

export abstract class AcknowledgementStore {
  abstract bySha256(tx: Tx, agencyCode: string, sha256: string): Promise<AcknowledgementReceipt | undefined>;
  /** The sealed lines that the answers name, by `file|line|declaration|attempt`; their instructions locked in id order. */
  abstract lockLines(
    tx: Tx,
    agencyCode: string,
    answers: readonly Acknowledgement[],
  ): Promise<Map<string, LockedLine>>;
  /** Sets instructions and enters the ledger; returns the next payment version of each declaration. */
  abstract apply(
    tx: Tx,
    applied: readonly { line: LockedLine; accepted: boolean }[],
    at: Date,
  ): Promise<Map<string, bigint>>;
  abstract record(
    tx: Tx,
    receipt: AcknowledgementReceipt,
    sha256: string,
    personId: string,
    lines: readonly LineResult[],
  ): Promise<void>;
}

export const lineKey = (a: {
  fileName: string;
  lineNumber: number;
  declarationId: string;
  attempt: number;
}): string => `${a.fileName}|${a.lineNumber}|${a.declarationId}|${a.attempt}`;

/** What payment-export keeps of others' facts. */
export abstract class ReferenceStore {
  abstract payees(tx: Tx, payees: readonly OrganisationPayee[]): Promise<void>;
  abstract agencies(tx: Tx, agencies: readonly AgencyPublishedState[]): Promise<void>;
  abstract routings(tx: Tx, routings: readonly Routing[]): Promise<void>;
  /** Newest state by revision, and the entitlement of each version that was approved. */
  abstract declarations(tx: Tx, news: readonly DeclarationNews[]): Promise<void>;
}
