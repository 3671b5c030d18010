export type Layout = 'cqrs' | 'qof-long';

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

/** A file's receipt. */
export interface ExtractFileView {
  readonly fileId: string;
  readonly fileName: string;
  readonly layout: Layout;
  readonly serviceCode: string | null;
  readonly achievementDate: string | null;
  readonly status: 'taken' | 'refused';
  readonly refusal: { code: string; detail: string; line: number | null } | null;
  readonly sha256: string | null;
  readonly bytes: number;
  readonly gzip: boolean;
  /** 1 when it was received; grows when its original is read again. */
  readonly reading: number;
  readonly receivedAt: Date;
  readonly receivedBy: string;
  /** Since when it counts as if it had not come; null while it counts. */
  readonly withdrawnAt: Date | null;
  readonly counts: FileCounts;
}

export interface RejectedRowView {
  readonly ordinal: number;
  readonly line: number;
  readonly code: string;
  readonly reason: string;
  readonly detail: string | null;
  readonly text: string;
}

export interface PageValueView {
  readonly indicatorCode: string;
  readonly fieldName: string;
  readonly value: number | null;
  readonly notRead: NotReadView | null;
}

/** A later row about this value that could not be read, so that the value is the one from before. */
export interface NotReadView {
  readonly code: string;
  readonly reason: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly line: number;
  readonly submittedAt: Date;
  /** The version that the value was first read with; null where nothing stood before. */
  readonly fromPageVersion: number | null;
}

export interface PageVersionView {
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly values: readonly PageValueView[];
  readonly fileId: string;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly defaultsUsed: number;
  readonly submittedAt: Date;
  /** The accepted amendment that the values come from; file and lines are then those of the rest. */
  readonly amendmentId: string | null;
  /** By which it stands again; null where a file or an amendment brought it. */
  readonly withdrawalId: string | null;
  /** The older file that came late with values that newer files could not be read with; null elsewhere. */
  readonly filledByFileId: string | null;
  /** Everything that was said of this page was withdrawn. */
  readonly nothingStands: boolean;
}
export type PageView = PageVersionView;

/** A submission that was kept and did not become the page. */
export interface PassedOverView {
  readonly fileId: string;
  readonly fileName: string;
  readonly submittedAt: Date;
  readonly why: 'OLDER_SUBMISSION' | 'AMENDMENT_STANDS' | 'PAGE_INCOMPLETE';
  /** The version that counted when it came. */
  readonly byPageVersion: number;
}

export interface CompletenessView {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly expected: number;
  readonly received: number;
  readonly complete: boolean;
  readonly completenessVersion: number;
  readonly recordedAt: Date;
}
