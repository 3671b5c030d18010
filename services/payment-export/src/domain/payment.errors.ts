import { AttestError } from '@attest/errors';

export class RunUnderWayError extends AttestError {
  constructor(runId: string) {
    super('RUN_UNDER_WAY', 409, 'A release run is under way. Wait for its end, then start another.', {
      runId,
    });
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

/** The store holds other bytes under the name: somebody else wrote it, or it was changed. */
export class SealedFileDiffersError extends AttestError {
  constructor(fileName: string) {
    super(
      'SEALED_FILE_DIFFERS',
      500,
      'The file store holds other bytes under this name. Find out who wrote them; nothing was overwritten.',
      { fileName },
    );
  }
}

type AcknowledgementFault =
  'FILE_EMPTY' | 'FILE_NOT_UTF8' | 'HEADER_WRONG' | 'PATIENT_IDENTIFIER_FOUND' | 'AGENCY_UNKNOWN';
const FAULT_WORDS: Record<AcknowledgementFault, string> = {
  FILE_EMPTY: 'The file has no line. Send the acknowledgements again.',
  FILE_NOT_UTF8: 'The file is not UTF-8. Save it as UTF-8 and send it again.',
  HEADER_WRONG:
    'The first line is not the documented header. Compare it with the documentation and send the file again.',
  PATIENT_IDENTIFIER_FOUND:
    'The file holds an NHS number, so nothing of it was kept. Remove it and send the file again.',
  AGENCY_UNKNOWN: 'You act for no agency, or for several. Name the agency with agencyCode.',
};

export class AcknowledgementFileRefusedError extends AttestError {
  constructor(code: AcknowledgementFault) {
    super(code, 422, FAULT_WORDS[code]);
  }
}
