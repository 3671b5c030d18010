import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { unpacked } from '@attest/http';
import { Database } from '@attest/persistence';
import { ExtractionIntakeSettings } from '../config/extraction-intake.settings.js';
import {
  ExtractFileUnknownError,
  FileBeingReadError,
  FileNotTakenError,
} from '../domain/extract-file.errors.js';
import { WithdrawalRefusedError } from '../domain/withdrawal.js';
import { FileReading } from '../domain/read-file.js';
import {
  ExtractFileStore,
  OriginalFiles,
  ReferenceStore,
  RejectedRowsSpool,
  type NewExtractFile,
} from './ports.js';
import { TakeFile } from './take-file.js';
import { TellRows } from './tell-rows.js';
import type { ExtractFileView } from './views.js';

/**
 * Reads a kept original once more, against what is known by now: rows rejected for a service, practice or field that
 * has arrived since are taken. It is a new receipt: where rows do not say when they were submitted it counts from now,
 * as the same file sent again would.
 */
@Injectable()
export class ReadAgain {
  constructor(
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly settings: ExtractionIntakeSettings,
    private readonly originals: OriginalFiles,
    private readonly spool: RejectedRowsSpool,
    private readonly reference: ReferenceStore,
    private readonly files: ExtractFileStore,
    private readonly tell: TellRows,
    private readonly takeFile: TakeFile,
  ) {}

  /** @throws ExtractFileUnknownError, FileNotTakenError, FileBeingReadError, OriginalMissingError, WithdrawalRefusedError */
  async run(fileId: string, personId: string): Promise<ExtractFileView> {
    const earlier = await this.files.find(fileId);
    if (!earlier) throw new ExtractFileUnknownError(fileId);
    if (earlier.withdrawnAt !== null) throw new WithdrawalRefusedError('FILE_WITHDRAWN', fileId);
    if (earlier.status !== 'taken' || earlier.sha256 === null) throw new FileNotTakenError(fileId);
    const rejected = this.spool.open();
    try {
      const readings = await this.files.readings(earlier);
      const receivedAt = this.clock.now();
      const reference = await this.reference.load(receivedAt);
      const reading = new FileReading(reference, earlier, (row) => rejected.add(row));
      const stream = await this.originals.open(earlier.sha256);
      const file = { stream, gzip: earlier.gzip };
      for await (const chunk of unpacked(file, this.settings.EXTRACT_FILE_MOST_BYTES))
        reading.push(chunk as Buffer);
      reading.end();
      const next: NewExtractFile = {
        ...earlier,
        fileId: uuidV7(),
        receivedAt,
        receivedBy: personId,
        reading: readings + 1,
        readFrom: fileId,
      };
      const told = await this.tell.of({ sha256: earlier.sha256, gzip: earlier.gzip }, reading.rows, rejected);
      try {
        const repeated = await this.database.transaction((tx) =>
          this.takeFile.run(tx, next, reference, reading.rows, told),
        );
        if (repeated !== undefined) throw new FileBeingReadError(fileId);
      } finally {
        await told.close();
      }
      return (await this.files.find(next.fileId))!;
    } finally {
      await rejected.close();
    }
  }
}
