import type {
  EventOf,
  ParticipationsChangedV1,
  PeriodCompletenessRecordedV1,
  QualityServicePublishedV1,
} from '@attest/contracts';
import type { Page } from '@attest/http';
import type { CalendarEntryKey, Tx } from '@attest/persistence';
import type { CurrentPage, LeftValue } from '../domain/page-decision.js';
import type { Reference } from '../domain/reference.js';
import type { RejectedRow } from '../domain/row-reader.js';
import type { Readable } from 'node:stream';
import type {
  CompletenessView,
  ExtractFileView,
  PageView,
  PassedOverView,
  RejectedRowView,
} from './views.js';

export type Layout = 'cqrs' | 'qof-long';

/** The original bytes, outside the database, under the name of their hash. */
export abstract class OriginalFiles {
  abstract receive(): Promise<IncomingOriginal>;
  /** The bytes as they were received. @throws OriginalMissingError */
  abstract open(sha256: string): Promise<Readable>;
  /** Unfinished uploads of processes that died. */
  abstract forgetUnfinished(olderThanMs: number): Promise<number>;
}
export interface IncomingOriginal {
  write(chunk: Buffer): Promise<void>;
  /** Nothing of it stays. */
  discard(): Promise<void>;
  /** Everything is on disk: hash and length. */
  finish(): Promise<{ sha256: string; bytes: number }>;
  /** Gives it its name for good, unless the same bytes are there already. After `finish`. */
  keep(): Promise<void>;
}

/** Rows that were not taken; a file may hold nothing else, so they go to disk when they are many. */
export abstract class RejectedRowsSpool {
  abstract open(): RejectedRows;
}
export interface RejectedRows {
  readonly count: number;
  add(row: RejectedRow): void;
  read(): AsyncIterable<RejectedRow>;
  close(): Promise<void>;
}

/** Rows that were not taken, as they are told once the whole file was read. */
export interface ToldRows {
  /** In the order of the file. */
  read(): AsyncIterable<RejectedRow>;
  /** How many were passed over as of an older submission, by the last `read`. */
  readonly older: number;
  close(): Promise<void>;
}

export abstract class ReferenceStore {
  /** @param receivedAt of the file that is checked against it: what lies after it has not happened yet */
  abstract load(receivedAt: Date): Promise<Reference>;
  /** Answers the calendar entries that stay although they are published no more: pages of them stand. */
  abstract recordServices(
    tx: Tx,
    published: readonly EventOf<typeof QualityServicePublishedV1>[],
  ): Promise<readonly CalendarEntryKey[]>;
  abstract recordParticipations(
    tx: Tx,
    changed: readonly EventOf<typeof ParticipationsChangedV1>[],
  ): Promise<void>;
}

/** Counts of one file, as its receipt tells them. */
export interface FileCounts {
  readonly rows: number;
  readonly rowsTaken: number;
  readonly rowsRejected: number;
  readonly rowsIgnored: number;
  readonly rowsOlder: number;
  /** Separators, spaces and empty quotes alone; not among the rows. */
  readonly rowsBlank: number;
  readonly pagesReceived: number;
  readonly pagesAmended: number;
  readonly pagesUnchanged: number;
  readonly pagesSuperseded: number;
  readonly pagesRejected: number;
  /** Values that were sent and could not be read, so that what stood before was left. */
  readonly valuesLeft: number;
}

export interface NewExtractFile {
  readonly fileId: string;
  readonly fileName: string;
  readonly layout: Layout;
  readonly serviceCode: string | null;
  readonly achievementDate: string | null;
  readonly sha256: string | null;
  readonly bytes: number;
  readonly gzip: boolean;
  /** Orders pages of a layout whose rows do not say when they were submitted. */
  readonly receivedAt: Date;
  readonly receivedBy: string;
  /** 1 when it is received; grows when its original is read again. */
  readonly reading: number;
  /** The file whose original is read again. */
  readonly readFrom?: string;
}

/** Bytes and what they are for. */
export type FileBytes = Pick<NewExtractFile, 'sha256' | 'layout' | 'serviceCode' | 'achievementDate'>;

export abstract class ExtractFileStore {
  /**
   * The file that these bytes would only repeat. Where rows say when they were submitted, any that held them and that no
   * file of the same times replaced; otherwise the newest of the service and date, since what comes last counts.
   */
  abstract findTaken(file: FileBytes, within?: Tx): Promise<string | undefined>;
  /** One after another, until the end of the transaction. Before the periods. */
  abstract lockBytes(tx: Tx, file: FileBytes): Promise<void>;
  /** With the services and dates that it has rows of. */
  abstract addTaken(tx: Tx, file: NewExtractFile, periods: readonly PeriodKey[]): Promise<void>;
  abstract recordCounts(tx: Tx, fileId: string, counts: FileCounts): Promise<void>;
  abstract addRefused(
    file: NewExtractFile,
    refusal: { code: string; detail: string; line: number | null },
  ): Promise<void>;
  abstract addRejectedRows(tx: Tx, fileId: string, rows: AsyncIterable<RejectedRow>): Promise<number>;
  abstract find(fileId: string): Promise<ExtractFileView | undefined>;
  abstract isWithdrawn(fileId: string, within: Tx): Promise<boolean>;
  /** How often these bytes were read for this purpose. */
  abstract readings(file: FileBytes, within?: Tx): Promise<number>;
  abstract list(query: {
    status?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  }): Promise<Page<ExtractFileView>>;
  abstract rejectedRows(
    fileId: string,
    query: { code?: string | undefined; limit: number; cursor?: string | undefined },
  ): Promise<Page<RejectedRowView>>;
}

export interface NewPage {
  readonly practiceCode: string;
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly values: readonly (number | null)[];
  readonly firstLine: number;
  readonly lastLine: number;
  readonly defaultsUsed: number;
  readonly submittedAt: Date;
  /** Values that were sent and could not be read; null when there are none. */
  readonly left: readonly LeftValue[] | null;
}
export interface PeriodKey {
  readonly serviceCode: string;
  readonly achievementDate: string;
}

/** What an amendment is made from, and against. */
export interface PageToAmend {
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  /** By which the values are ordered. */
  readonly fields: readonly { readonly indicatorCode: string; readonly fieldName: string }[];
  readonly values: readonly (bigint | null)[];
  readonly fileId: string;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly defaultsUsed: number;
  readonly submittedAt: Date;
}

export interface PassedOver {
  readonly why: 'OLDER_SUBMISSION' | 'AMENDMENT_STANDS' | 'PAGE_INCOMPLETE';
}

export abstract class PageStore {
  /** One after another until the end of the transaction, taken in an order of their own so that no two wait in a ring. */
  abstract lockPeriods(tx: Tx, periods: readonly PeriodKey[]): Promise<void>;
  abstract currentPages(tx: Tx, period: PeriodKey): Promise<Map<string, CurrentPage>>;
  abstract addPages(tx: Tx, period: PeriodKey, fileId: string, pages: readonly NewPage[]): Promise<void>;
  /** Submissions that did not become the page, with why. */
  abstract addSuperseded(
    tx: Tx,
    period: PeriodKey,
    fileId: string,
    pages: readonly (NewPage & PassedOver)[],
  ): Promise<void>;
  /** Submissions that said what stands already: the page is as new as the newest of them. */
  abstract addRepeated(tx: Tx, period: PeriodKey, fileId: string, pages: readonly NewPage[]): Promise<void>;
  /** The newest version of one page. Lock its period first. */
  abstract toAmend(tx: Tx, period: PeriodKey, practiceCode: string): Promise<PageToAmend | undefined>;
  /** The values of an accepted amendment as the next version; file and lines stay those of the page before. */
  abstract addAmended(
    tx: Tx,
    period: PeriodKey,
    page: Pick<NewPage, 'practiceCode' | 'pageVersion' | 'rulePackVersion' | 'values' | 'submittedAt'>,
    amendmentId: string,
  ): Promise<void>;
  abstract passedOver(period: PeriodKey, practiceCode: string): Promise<PassedOverView[]>;
  abstract versions(period: PeriodKey, practiceCode: string): Promise<PageView[]>;
}

export type Completeness = EventOf<typeof PeriodCompletenessRecordedV1>;

export abstract class CompletenessStore {
  /** Achievement dates of these services that take pages of practices. */
  abstract periodsOf(tx: Tx, serviceCodes: readonly string[]): Promise<PeriodKey[]>;
  /** Counts afresh and keeps what differs; answers what differed. */
  abstract recount(tx: Tx, periods: readonly PeriodKey[]): Promise<Completeness[]>;
  abstract list(query: {
    serviceCode?: string | undefined;
    achievementDate?: string | undefined;
    limit: number;
    cursor?: string | undefined;
  }): Promise<Page<CompletenessView>>;
  /** Which expected practices have sent nothing. */
  abstract missing(
    period: PeriodKey,
    scope: readonly string[],
    query: { limit: number; cursor?: string | undefined },
  ): Promise<Page<{ practiceCode: string }>>;
}
