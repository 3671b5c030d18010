import { factsOf, whatDiffers, type HeaderFaults } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import type { DateFault } from './reference.js';

/** A whole file that is refused: nothing of it is kept but the receipt of the refusal. */
export class FileRefusedError extends AttestError {}

export class HeaderWrongError extends FileRefusedError {
  constructor(faults: HeaderFaults, columns: readonly string[]) {
    super(
      'HEADER_WRONG',
      422,
      `The first line is not the header of this layout. Nothing was taken. ${whatDiffers(faults, columns)}`,
      { line: 1, ...factsOf(faults, columns) },
    );
  }
}

export class FileEmptyError extends FileRefusedError {
  constructor() {
    super(
      'FILE_EMPTY',
      422,
      'The file has no rows. Nothing was taken. Send a file with a header and at least one row.',
    );
  }
}

export class FileNotUtf8Error extends FileRefusedError {
  constructor(nearLine: number) {
    super(
      'FILE_NOT_UTF8',
      422,
      `The file is not UTF-8, near line ${nearLine}. Nothing was taken. Save it as CSV UTF-8 (Excel has it beside CSV) and send it again.`,
      {
        nearLine,
      },
    );
  }
}

export class RowTooLongError extends FileRefusedError {
  constructor(line: number, mostBytes: number) {
    super(
      'ROW_TOO_LONG',
      422,
      `The row that begins on line ${line} is longer than ${mostBytes} bytes; a quote may have been left open. Nothing was taken. Correct the line and send the file again.`,
      { line },
    );
  }
}

/** The text itself is never told, stored or logged. */
export class NhsNumberInFileError extends FileRefusedError {
  constructor(line: number) {
    super(
      'PATIENT_IDENTIFIER_FOUND',
      422,
      `Line ${line} holds an NHS number. The file was not stored and nothing of it was taken. Remove whatever identifies a patient and send it again.`,
      { line },
    );
  }
}

export class NhsNumberInNameError extends AttestError {
  constructor() {
    super(
      'PATIENT_IDENTIFIER_FOUND',
      422,
      'The file name holds an NHS number. Nothing was stored. Rename the file and send it again.',
    );
  }
}

export class ServiceUnknownError extends FileRefusedError {
  constructor(serviceCode: string) {
    super(
      'SERVICE_UNKNOWN',
      422,
      `No quality service has the code ${serviceCode}. Nothing was taken. Correct it, or publish the service first.`,
      {
        serviceCode,
      },
    );
  }
}

export class ServiceParkedError extends FileRefusedError {
  constructor(serviceCode: string) {
    super(
      'UPSTREAM_EVENT_PARKED',
      409,
      `What was last said about ${serviceCode} could not be read and waits for repair. Nothing was taken. Send the file again afterwards.`,
      { serviceCode },
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

const DATE_WORDS: Readonly<Record<DateFault, (serviceCode: string, date: string) => string>> = {
  DATE_OUTSIDE_SERVICE: (serviceCode, date) =>
    `${date} lies outside the dates of ${serviceCode}. Nothing was taken. Correct the date.`,
  DATE_NOT_COLLECTED: (serviceCode, date) =>
    `${serviceCode} is not collected at ${date}. Nothing was taken. Send one of the achievement dates in its calendar.`,
  YEAR_CLOSED: (serviceCode, date) =>
    `${date} lies before the oldest financial year that ${serviceCode} keeps open. Nothing was taken. Correct the date.`,
  DATE_AHEAD: (_serviceCode, date) =>
    `${date} has not come yet. Nothing was taken. Correct the date, or send the file when it has.`,
};

export class DateNotTakenError extends FileRefusedError {
  constructor(code: DateFault, serviceCode: string, achievementDate: string) {
    super(code, 422, DATE_WORDS[code](serviceCode, achievementDate), { serviceCode, achievementDate });
  }
}

export class LayoutParametersError extends AttestError {
  constructor(detail: string) {
    super('LAYOUT_PARAMETERS_WRONG', 400, detail);
  }
}

export class ExtractFileUnknownError extends AttestError {
  constructor(fileId: string) {
    super(
      'EXTRACT_FILE_UNKNOWN',
      404,
      'There is no such file. See GET extract-files for those that there are.',
      { fileId },
    );
  }
}

export class FileNotTakenError extends AttestError {
  constructor(fileId: string) {
    super(
      'FILE_NOT_TAKEN',
      409,
      'This file was refused, so its bytes were not kept. Correct it and send it again.',
      { fileId },
    );
  }
}

export class FileBeingReadError extends AttestError {
  constructor(fileId: string) {
    super(
      'FILE_BEING_READ',
      409,
      'This file is being read again already. See GET extract-files for its newest receipt, and send this again afterwards if something is still lacking.',
      { fileId },
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

export class OriginalMissingError extends AttestError {
  constructor(sha256: string) {
    super(
      'ORIGINAL_MISSING',
      500,
      'The bytes of this file are not in the file store. Restore the store, or send the same file again: it is then kept once more.',
      {
        sha256,
      },
    );
  }
}

export class PageUnknownError extends AttestError {
  constructor(serviceCode: string, achievementDate: string, practiceCode: string) {
    super(
      'PAGE_UNKNOWN',
      404,
      'Nothing has been received for this practice, service and date. See GET completeness for what is lacking.',
      {
        serviceCode,
        achievementDate,
        practiceCode,
      },
    );
  }
}
