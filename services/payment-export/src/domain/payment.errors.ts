import { AttestError } from '@attest/errors';

export class RunUnderWayError extends AttestError {
  constructor(runId: string) {
    super('RUN_UNDER_WAY', 409, 'A release run is under way. Wait for its end, then start another.', {
      runId,
    });
  }

  override get passesByItself(): boolean {
    return true;
  }
}

export class UnknownRunError extends AttestError {
  constructor(runId: string) {
    super('UNKNOWN_RUN', 404, 'There is no such release run. Look it up in the list of runs.', { runId });
  }
}

export class UnknownPaymentFileError extends AttestError {
  constructor(fileName: string) {
    super(
      'UNKNOWN_PAYMENT_FILE',
      404,
      'There is no such file for your agency. Look it up in the list of files.',
      { fileName },
    );
  }
}

export class UnknownAcknowledgementFileError extends AttestError {
  constructor(fileId: string) {
    super('UNKNOWN_ACKNOWLEDGEMENT_FILE', 404, 'There is no such acknowledgement file of your agency.', {
      fileId,
    });
  }
}

export class UnknownAccountError extends AttestError {
  constructor(providerCode: string, serviceCode: string) {
    super('UNKNOWN_ACCOUNT', 404, 'Nothing was ever owed on this account. Check provider and service.', {
      providerCode,
      serviceCode,
    });
  }
}

/** Nobody can have been paid in a month that no calendar knows; a mistyped one would pay all that came before it. */
export class PaymentPeriodUnknownError extends AttestError {
  constructor(paymentPeriod: string) {
    super(
      'PAYMENT_PERIOD_UNKNOWN',
      422,
      'No published payment calendar has this payment period. Check it, or publish the calendar first.',
      { paymentPeriod },
    );
  }
}

export class IllegalRunStepError extends AttestError {
  constructor(state: string, step: string) {
    super('ILLEGAL_RUN_STEP', 409, 'A release run in this state does not take this step. Read it again.', {
      state,
      step,
    });
  }
}

/** The store holds other bytes under the name: somebody else wrote it, or it was changed. */
export class SealedFileDiffersError extends AttestError {
  constructor(fileName: string) {
    super(
      'SEALED_FILE_DIFFERS',
      500,
      'The file store holds other bytes under this name. Find out who wrote them and put the file right; nothing was overwritten.',
      { fileName },
    );
  }
}

export class SealedFileMissingError extends AttestError {
  constructor(fileName: string) {
    super(
      'SEALED_FILE_MISSING',
      500,
      'The file store no longer holds this file. Restore it from its backup; its SHA-256 is in the list of files.',
      { fileName },
    );
  }
}

/** The database came from a backup, or the store belongs to another one: what it paid must be known first. */
export class FileStoreAheadError extends AttestError {
  constructor(fileName: string, files: number) {
    super(
      'FILE_STORE_AHEAD',
      409,
      'The file store holds sealed files that this database does not know. Nothing is released until the two agree: restore a database that knows these files, then start the run again. Never name another store: what stands in this one was paid.',
      { fileName, files },
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

export class FileStoreUnavailableError extends AttestError {
  constructor(fault: string) {
    super(
      'FILE_STORE_UNAVAILABLE',
      503,
      'The file store cannot be read or written. Make room or repair it; the run goes on by itself.',
      { fault },
    );
  }
}

const FAULTS = {
  FILE_EMPTY: 'The file has no line. Send the acknowledgements again.',
  FILE_NOT_UTF8: 'The file is not UTF-8. Save it as CSV UTF-8 (Excel has it beside CSV) and send it again.',
  FILE_TOO_MANY_LINES: 'The file has more lines than are taken at once. Split it and send the parts.',
  HEADER_WRONG: 'The first line is not the documented header. Nothing was kept.',
  PATIENT_IDENTIFIER_FOUND:
    'The file name holds an NHS number, so nothing was kept. Rename the file and send it again.',
  RUN_NOT_ENDED:
    'The run of these lines has not ended, so nothing of the file was kept. Send it again when the run is sealed.',
  AGENCY_UNKNOWN: 'You act for several agencies. Name the one that answers with agencyCode.',
} as const;

export class AcknowledgementFileRefusedError extends AttestError {
  constructor(code: keyof typeof FAULTS, more?: string, facts: AttestError['facts'] = {}) {
    const detail = more === undefined ? FAULTS[code] : `${FAULTS[code]} ${more}`;
    super(code, code === 'RUN_NOT_ENDED' ? 409 : 422, detail, facts);
  }

  override get passesByItself(): boolean {
    return this.code === 'RUN_NOT_ENDED';
  }
}
