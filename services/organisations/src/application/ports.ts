import type { LondonDate } from '@attest/calendar';
import type { Database, Tx } from '@attest/persistence';
import type { FileStatus } from '../domain/files/file-status.js';
import type { Layout } from '../domain/files/layouts.js';
import type { NamedCode } from '../domain/files/named-codes.js';
import type { RejectedRow } from '../domain/files/rejected-row.js';
import type { PcnChange } from '../domain/memberships/pcn-members.js';
import type { MemberSpell, Spell } from '../domain/memberships/spell.js';
import type { Statement } from '../domain/memberships/statements.js';
import type { Effect, EffectCounts, Share, Touched } from '../domain/register/effect.js';
import type { Organisation } from '../domain/register/organisation.js';
import type { CommissionerRecord, PcnRecord, PracticeRecord, Records } from '../domain/register/records.js';
import type { Standing } from '../domain/register/standing.js';

/** Either: reads may stand inside a transaction or outside. */
export type Reading = Pick<Tx, 'query'> | Pick<Database, 'query'>;

export interface NewFile {
  readonly fileId: string;
  readonly layout: Layout;
  readonly asAt: LondonDate;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly skipped: number;
  readonly receivedBy: string;
}

/** What a file did. Notes count what deserves a look, by name. */
export interface FileEffect {
  readonly changed: number;
  readonly notes: Readonly<Record<string, number>>;
}

export interface KeptFile extends NewFile, FileEffect {
  readonly status: FileStatus;
  /** What it did or, while it waits, would do; null where that is not kept: before this was, and after a withdrawal was taken back. */
  readonly effect: EffectCounts | null;
  readonly receivedAt: Date;
  /** The newest step that somebody took with it. */
  readonly decidedBy: string;
  readonly decidedAt: Date;
  readonly reason: string | null;
}

/** A step that somebody takes with a file. */
export interface FileStep {
  readonly status: FileStatus;
  readonly personId: string;
  readonly at: Date;
  readonly reason: string | null;
}

/** What a file or its withdrawal would do, and doing it. */
export interface FileChange {
  readonly effect: Effect;
  publish(): Promise<FileEffect>;
}

/** Files as they were received, with the rows that were not taken. */
export abstract class FileStore {
  /** One file at a time, and no membership change beside it: what is published follows from all of them together. */
  abstract lockForFile(tx: Tx): Promise<void>;
  /** Changes of different PCNs may run beside one another, but not beside a file. */
  abstract lockForChange(tx: Tx): Promise<void>;
  abstract byId(where: Reading, fileId: string): Promise<KeptFile | null>;
  /** The newest of its layout and date that counts, and those that wait for their second person. */
  abstract ofDate(tx: Tx, layout: Layout, asAt: LondonDate): Promise<readonly KeptFile[]>;
  /** Which files count. @param without as if this one did not */
  abstract standing(tx: Tx, without?: string): Promise<Standing>;
  abstract add(
    tx: Tx,
    file: NewFile,
    rejected: readonly RejectedRow[],
    unread: readonly NamedCode[],
  ): Promise<void>;
  /** A file that is confirmed counts as received then. */
  abstract step(tx: Tx, fileId: string, step: FileStep): Promise<void>;
  abstract keepEffect(
    tx: Tx,
    fileId: string,
    counts: EffectCounts | null,
    touched: readonly Touched[],
  ): Promise<void>;
  abstract effects(where: Reading, fileId: string): Promise<readonly Touched[]>;
  abstract complete(tx: Tx, fileId: string, effect: FileEffect): Promise<KeptFile>;
}

/** What each file says, kept with the file: one of its date that comes later covers it and does not take its place. */
export abstract class RecordStore {
  abstract addPractices(tx: Tx, fileId: string, records: readonly PracticeRecord[]): Promise<void>;
  abstract addPcns(tx: Tx, fileId: string, records: readonly PcnRecord[]): Promise<void>;
  abstract addCommissioners(tx: Tx, fileId: string, records: readonly CommissionerRecord[]): Promise<void>;
  abstract addHistory(
    tx: Tx,
    fileId: string,
    asAt: LondonDate,
    spells: readonly (Spell & { practiceCode: string })[],
  ): Promise<void>;
  abstract addSnapshot(
    tx: Tx,
    fileId: string,
    asAt: LondonDate,
    places: ReadonlyMap<string, string | null>,
  ): Promise<void>;
  /** All of these files that may matter to who exists. */
  abstract load(tx: Tx, standing: Standing): Promise<Records>;
}

export interface MembershipChange {
  readonly changeId: string;
  readonly practiceCode: string;
  readonly leaves: string | null;
  readonly joins: string | null;
  readonly effectiveOn: LondonDate;
  readonly ranksOn: LondonDate;
  readonly reason: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

/** All that was ever said about memberships. */
export abstract class StatementStore {
  /** Of all practices, or of these; a practice that a list of all does not name has a snapshot without a PCN. */
  abstract load(
    tx: Tx,
    standing: Standing,
    practiceCodes?: readonly string[],
  ): Promise<Map<string, Statement[]>>;
  abstract addChanges(tx: Tx, changes: readonly MembershipChange[]): Promise<void>;
}

export interface Published {
  readonly organisation: Organisation;
  readonly version: bigint;
}

/** Organisations as they were published. */
export abstract class OrganisationStore {
  abstract all(tx: Tx): Promise<Map<string, Published>>;
  abstract find(where: Reading, codes: readonly string[]): Promise<Map<string, Published>>;
  abstract save(tx: Tx, organisations: readonly Published[]): Promise<void>;
  /** Nobody else changes these practices' memberships until the transaction ends. */
  abstract lock(tx: Tx, codes: readonly string[]): Promise<void>;
}

export interface PublishedMembers {
  readonly version: bigint;
  readonly members: readonly MemberSpell[];
}

/** Memberships as they were published. */
export abstract class MembershipStore {
  abstract all(tx: Tx): Promise<Map<string, PublishedMembers>>;
  /** Locks the PCNs in code order, so that two changes never wait for each other in a circle. */
  abstract lock(tx: Tx, pcnCodes: readonly string[]): Promise<Map<string, PublishedMembers>>;
  abstract save(tx: Tx, pcns: ReadonlyMap<string, PublishedMembers>): Promise<void>;
  /** As they are told now, for those who have to be told again. After `save`. */
  abstract keepTold(tx: Tx, changes: readonly PcnChange[]): Promise<void>;
}

/** What the settings say, as far as use cases and routes must know it. */
export abstract class Limits {
  /** Unpacked. */
  abstract readonly fileMaxBytes: number;
  abstract readonly firstOperatorId: string | undefined;
  /** Files as at an earlier day are refused. */
  abstract readonly filesFrom: LondonDate;
  /** What a file of this layout may take away without a second person. */
  abstract shareOf(layout: Layout): Share;
}
