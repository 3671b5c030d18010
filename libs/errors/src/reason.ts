import { AttestError } from './attest-error.js';
import { containsNhsNumber } from './nhs-number.js';

export const REASON_MAX_LENGTH = 1000;

export class ReasonMissingError extends AttestError {
  constructor() {
    super('REASON_MISSING', 400, 'This needs a reason. Say in a sentence why it is done.');
  }
}

export class ReasonTooLongError extends AttestError {
  constructor(length: number) {
    super(
      'REASON_TOO_LONG',
      400,
      `The reason has ${length} characters and may have ${REASON_MAX_LENGTH}. Shorten it.`,
      { length, maxLength: REASON_MAX_LENGTH },
    );
  }
}

export class ReasonUnreadableError extends AttestError {
  constructor() {
    super(
      'REASON_UNREADABLE',
      400,
      'The reason holds a character that stands for nothing: a NUL, or half of a pair. It was not stored. Type it anew, and send text as UTF-8.',
    );
  }
}

export class PatientIdentifierFoundError extends AttestError {
  constructor(where: string) {
    super(
      'PATIENT_IDENTIFIER_FOUND',
      422,
      `${where} holds an NHS number. It was not stored. Remove whatever identifies a patient and send it again.`,
    );
  }
}

/** PostgreSQL keeps neither, the first in no text at all, the second in no `jsonb`. */
const UNREADABLE = /\0|\p{Surrogate}/u;

/**
 * A reason as it may be stored: trimmed, 1 to 1000 characters, all of them readable, without an NHS number.
 * @throws ReasonMissingError, ReasonTooLongError, ReasonUnreadableError, PatientIdentifierFoundError
 */
export function refuseReason(text: unknown): string {
  const reason = typeof text === 'string' ? text.trim() : '';
  if (reason === '') throw new ReasonMissingError();
  if (reason.length > REASON_MAX_LENGTH) throw new ReasonTooLongError(reason.length);
  if (UNREADABLE.test(reason)) throw new ReasonUnreadableError();
  if (containsNhsNumber(reason)) throw new PatientIdentifierFoundError('The reason');
  return reason;
}
