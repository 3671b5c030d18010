import type { LondonDate } from '@attest/calendar';
import type { Database, Tx } from '@attest/persistence';
import type { Layout } from '../domain/files/layouts.js';
import type { RejectedRow } from '../domain/files/rejected-row.js';
import type { MemberSpell, Spell } from '../domain/memberships/spell.js';
import type { Statement } from '../domain/memberships/statements.js';
import type { Organisation } from '../domain/register/organisation.js';
import type { CommissionerRecord, PcnRecord, PracticeRecord, Records } from '../domain/register/records.js';

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
  readonly receivedAt: Date;
}

/** Files as they were received, with the rows that were not taken. */
export abstract class FileStore {
  /** One file at a time, and no membership change beside it: what is published follows from all of them together. */
  abstract lockForFile(tx: Tx): Promise<void>;
  /** Changes of different PCNs may run beside one another, but not beside a file. */
  abstract lockForChange(tx: Tx): Promise<void>;
  /** The newest of its layout and date. */
  abstract newest(tx: Tx, layout: Layout, asAt: LondonDate): Promise<KeptFile | null>;
  abstract add(tx: Tx, file: NewFile, rejected: readonly RejectedRow[]): Promise<void>;
  abstract complete(tx: Tx, fileId: string, effect: FileEffect): Promise<KeptFile>;
}

/** What each file says. A file replaces what an earlier one of its layout and date said. */
export abstract class RecordStore {
  abstract replacePractices(
    tx: Tx,
    source: PracticeRecord['source'],
    asAt: LondonDate,
    records: readonly PracticeRecord[],
  ): Promise<void>;
  abstract replacePcns(
    tx: Tx,
    source: PcnRecord['source'],
    asAt: LondonDate,
    records: readonly PcnRecord[],
  ): Promise<void>;
  abstract replaceCommissioners(
    tx: Tx,
    asAt: LondonDate,
    records: readonly CommissionerRecord[],
  ): Promise<void>;
  abstract replaceHistory(
    tx: Tx,
    asAt: LondonDate,
    spells: readonly (Spell & { practiceCode: string })[],
  ): Promise<void>;
  abstract replaceSnapshot(
    tx: Tx,
    asAt: LondonDate,
    places: ReadonlyMap<string, string | null>,
  ): Promise<void>;
  /** All that may matter to who exists. */
  abstract load(tx: Tx): Promise<Records>;
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
  abstract load(tx: Tx, practiceCodes?: readonly string[]): Promise<Map<string, Statement[]>>;
  abstract newestFileAsAt(tx: Tx): Promise<LondonDate | null>;
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
}

/** What the settings say, as far as use cases and routes must know it. */
export abstract class Limits {
  /** Unpacked. */
  abstract readonly fileMaxBytes: number;
  abstract readonly firstOperatorId: string | undefined;
}
