import { CqrsRows } from './cqrs-rows.js';
import { CsvScanner } from './csv-scanner.js';
import {
  FileEmptyError,
  FileNotUtf8Error,
  ServiceParkedError,
  ServiceUnknownError,
} from './extract-file.errors.js';
import { QofLongRows } from './qof-long-rows.js';
import type { Reference } from './reference.js';
import type { RowReader } from './row-reader.js';
import type { RejectedRow } from './rejected-row.js';
import { Utf8Check } from './utf8-check.js';

/** Which rows a file has and what they are for. */
export interface FilePurpose {
  readonly layout: 'cqrs' | 'qof-long';
  readonly serviceCode: string | null;
  readonly achievementDate: string | null;
}

/** Reads one file, chunk by chunk; what it holds is then in the reader's collectors and counts. */
export class FileReading {
  readonly rows: RowReader;
  private readonly scanner: CsvScanner;
  private readonly utf8 = new Utf8Check();
  private empty = true;

  /** @throws ServiceUnknownError, DateNotTakenError */
  constructor(reference: Reference, purpose: FilePurpose, reject: (row: RejectedRow) => void) {
    this.rows = readerOf(reference, purpose, reject);
    this.scanner = new CsvScanner(this.rows.take);
  }

  /** @throws FileRefusedError of any kind */
  push(chunk: Buffer): void {
    if (chunk.length > 0) this.empty = false;
    if (!this.utf8.push(chunk)) throw new FileNotUtf8Error(this.nearLine);
    this.scanner.push(chunk);
  }

  private get nearLine(): number {
    return this.rows.counts.rows + this.rows.counts.blank + 2;
  }

  /** @throws FileRefusedError of any kind */
  end(): void {
    if (!this.utf8.end()) throw new FileNotUtf8Error(this.nearLine);
    this.scanner.end();
    if (this.empty || this.rows.counts.rows === 0) throw new FileEmptyError();
  }
}

function readerOf(reference: Reference, purpose: FilePurpose, reject: (row: RejectedRow) => void): RowReader {
  if (purpose.layout === 'cqrs') return new CqrsRows(reference, reject);
  const serviceCode = purpose.serviceCode ?? '';
  const fields = reference.service(serviceCode);
  if (!fields) throw new ServiceUnknownError(serviceCode);
  if (fields.parked) throw new ServiceParkedError(serviceCode);
  return new QofLongRows(reference, fields, purpose.achievementDate ?? '', reject);
}
