import { AttestError } from '@attest/errors';

export class FileHeaderWrongError extends AttestError {
  /** @param form the layout, or its published form, that the first line comes closest to */
  constructor(form: string, whatDiffers: string, facts: Readonly<Record<string, string | null>>) {
    super(
      'FILE_HEADER_WRONG',
      422,
      `The first line is not that of the layout ${form}. Nothing was kept. ${whatDiffers}`,
      facts,
    );
  }
}

export class FileEmptyError extends AttestError {
  constructor() {
    super(
      'FILE_EMPTY',
      422,
      'The file has no rows below its first line. Nothing was kept. Send the whole file.',
    );
  }
}

export class FileNotUtf8Error extends AttestError {
  constructor() {
    super(
      'FILE_NOT_UTF8',
      422,
      'The file is not UTF-8 text. Nothing of it was kept. Save it as CSV UTF-8 (Excel has it beside CSV) and send it again.',
    );
  }
}

export class RowTooLongError extends AttestError {
  constructor(line: number, maxCharacters: number) {
    super(
      'ROW_TOO_LONG',
      422,
      `The row that begins in line ${line} has more than ${maxCharacters} characters; a quotation mark may not be closed there. Nothing of the file was kept. Correct it and send the file again.`,
      { line, maxCharacters },
    );
  }
}

export class FileCutOffError extends AttestError {
  constructor(line: number) {
    super(
      'FILE_CUT_OFF',
      422,
      `The last row, in line ${line}, is cut off: it has too few columns, or it ends without a line end and cannot be read. Nothing was kept. Send the whole file.`,
      { line },
    );
  }
}

export class AsAtOutsideError extends AttestError {
  constructor(asAt: string, earliest: string, latest: string) {
    super(
      'AS_AT_OUTSIDE',
      422,
      `asAt is the day that the file describes, from ${earliest} to today, ${latest}; ${asAt} is not. Nothing was kept. Correct the date.`,
      { asAt, earliest, latest },
    );
  }
}

export class SecondPersonNeededError extends AttestError {
  constructor() {
    super(
      'SECOND_PERSON_NEEDED',
      403,
      'You sent this file, or asked to withdraw it. Another person with a role for organisation files confirms it.',
    );
  }
}

export class FileStepRefusedError extends AttestError {
  constructor(step: 'confirmed' | 'withdrawn' | 'kept', status: string) {
    super(
      'FILE_STEP_REFUSED',
      409,
      `The file is ${status}, so it cannot be ${step}. Look at its receipt for what can be done.`,
      { status },
    );
  }
}

export class FileEffectChangedError extends AttestError {
  constructor(fileId: string, touched: number) {
    super(
      'FILE_EFFECT_CHANGED',
      409,
      `What this would do differs from what you were shown, because something changed in between; ${touched} organisations are touched now. Nothing was done. Look at organisation-files/${fileId}/effects and confirm again.`,
      { fileId, touched },
    );
  }
}

export class FileUnknownError extends AttestError {
  constructor(fileId: string) {
    super(
      'FILE_UNKNOWN',
      404,
      'There is no organisation file with this id. See organisation-files for those there are.',
      {
        fileId,
      },
    );
  }
}
