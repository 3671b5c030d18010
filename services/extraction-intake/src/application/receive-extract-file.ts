import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { AttestError, containsNhsNumber } from '@attest/errors';
import {
  FileInOtherFormError,
  FileTooLargeError,
  FileTruncatedError,
  unpacked,
  type UploadedFile,
} from '@attest/http';
import { Database } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Transform, type Readable } from 'node:stream';
import { ExtractionIntakeSettings } from '../config/extraction-intake.settings.js';
import {
  FileRefusedError,
  NhsNumberInFileError,
  NhsNumberInNameError,
} from '../domain/extract-file.errors.js';
import { FileReading, type FilePurpose } from '../domain/read-file.js';
import {
  ExtractFileStore,
  OriginalFiles,
  ReferenceStore,
  RejectedRowsSpool,
  type IncomingOriginal,
  type NewExtractFile,
} from './ports.js';
import { TakeFile } from './take-file.js';
import { TellRows } from './tell-rows.js';
import type { ExtractFileView } from './views.js';

export interface ExtractUpload extends FilePurpose {
  readonly fileName: string;
  readonly personId: string;
  readonly file: UploadedFile;
}

/** One pass over the bytes as they come: original to disk, rows to pages; then one transaction. */
@Injectable()
export class ReceiveExtractFile {
  constructor(
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly settings: ExtractionIntakeSettings,
    private readonly logger: Logger,
    private readonly originals: OriginalFiles,
    private readonly spool: RejectedRowsSpool,
    private readonly reference: ReferenceStore,
    private readonly files: ExtractFileStore,
    private readonly tell: TellRows,
    private readonly takeFile: TakeFile,
  ) {}

  /** @throws FileRefusedError with the receipt of the refusal kept, NhsNumberInNameError with nothing kept */
  async run(upload: ExtractUpload): Promise<{ receipt: ExtractFileView; repeated: boolean }> {
    if (containsNhsNumber(upload.fileName)) throw new NhsNumberInNameError();
    const fileId = uuidV7();
    const receivedAt = this.clock.now();
    const original = await this.originals.receive();
    const rejected = this.spool.open();
    try {
      const reference = await this.reference.load(receivedAt);
      const reading = new FileReading(reference, upload, (row) => rejected.add(row));
      await this.read(upload.file, original, reading);
      const { sha256, bytes } = await original.finish();
      const file: NewExtractFile = {
        ...describe(upload),
        fileId,
        receivedAt,
        sha256,
        bytes,
      };
      // Also of a file that comes again: a store that had lost its bytes has them back.
      await original.keep();
      const earlier = await this.files.findTaken(file);
      if (earlier !== undefined) return { receipt: (await this.files.find(earlier))!, repeated: true };
      const told = await this.tell.of({ sha256, gzip: file.gzip }, reading.rows, rejected);
      try {
        const repeated = await this.database.transaction((tx) =>
          this.takeFile.run(tx, file, reference, reading.rows, told),
        );
        const receipt = (await this.files.find(repeated ?? fileId))!;
        return { receipt, repeated: repeated !== undefined };
      } finally {
        await told.close();
      }
    } catch (error) {
      throw await this.refused(error, {
        ...describe(upload),
        fileId,
        receivedAt,
        sha256: null,
        bytes: 0,
      });
    } finally {
      await original.discard();
      await rejected.close();
    }
  }

  private async read(file: UploadedFile, original: IncomingOriginal, reading: FileReading): Promise<void> {
    const stream = file.stream.pipe(copying(original));
    // The upload may break off: then whoever reads must hear of it instead of waiting.
    file.stream.once('error', (error) => stream.destroy(error));
    file.stream.once('close', () => {
      if (!file.stream.readableEnded) stream.destroy(new FileTruncatedError());
    });
    for await (const chunk of unpacked({ stream, gzip: file.gzip }, this.settings.EXTRACT_FILE_MOST_BYTES))
      reading.push(chunk as Buffer);
    reading.end();
  }

  private async refused(error: unknown, file: NewExtractFile): Promise<unknown> {
    if (!(
      error instanceof FileRefusedError ||
      error instanceof FileInOtherFormError ||
      error instanceof FileTooLargeError ||
      error instanceof FileTruncatedError
    ))
      return error;
    const line = typeof error.facts['line'] === 'number' ? error.facts['line'] : null;
    await this.files.addRefused(file, { code: error.code, detail: error.detail, line });
    const facts = { ...error.facts, fileId: file.fileId };
    if (error instanceof NhsNumberInFileError)
      this.logger.warn('PATIENT_IDENTIFIER_REFUSED', { fileId: file.fileId, line });
    return new AttestError(error.code, error.status, error.detail, facts);
  }
}

const describe = (upload: ExtractUpload) => ({
  fileName: upload.fileName,
  layout: upload.layout,
  serviceCode: upload.serviceCode,
  achievementDate: upload.achievementDate,
  gzip: upload.file.gzip,
  receivedBy: upload.personId,
  reading: 1,
});

/** Passes bytes on once they are written to the original. */
function copying(original: IncomingOriginal): Transform & Readable {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      original.write(chunk).then(
        () => done(null, chunk),
        (error: Error) => done(error),
      );
    },
  });
}
