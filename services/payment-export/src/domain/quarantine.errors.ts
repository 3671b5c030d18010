import { AttestError } from '@attest/errors';
import type { QuarantineCode } from './acknowledgement.js';

export class UnknownQuarantinedAnswerError extends AttestError {
  constructor() {
    super(
      'UNKNOWN_QUARANTINED_ANSWER',
      404,
      'There is no such answer in quarantine among those of your organisations. Look it up in the list.',
    );
  }
}

export class StaleAnswerError extends AttestError {
  constructor(version: bigint) {
    super('STALE_VERSION', 412, 'Somebody did something with this answer since you read it. Read it again.', {
      version: version.toString(),
    });
  }
}

export class AnswerSettledError extends AttestError {
  constructor(state: string, step: string) {
    super(
      'QUARANTINE_STEP_NOT_ALLOWED',
      409,
      'The answer is not in a state that takes this step: a proposed repair is confirmed or withdrawn first, and what is applied or dismissed is settled.',
      { state, step },
    );
  }
}

export class RepairUnknownError extends AttestError {
  constructor(repairId: string) {
    super('REPAIR_UNKNOWN', 404, 'No such repair of this answer waits for a second person. Read it again.', {
      repairId,
    });
  }
}

export class SamePersonError extends AttestError {
  constructor() {
    super('SAME_PERSON', 409, 'You proposed this repair yourself. A second person has to confirm it.');
  }
}

/** An answer must not overtake what it answers. */
export class RepairTooEarlyError extends AttestError {
  constructor() {
    super(
      'RUN_NOT_ENDED',
      409,
      'The run of this line has not ended, so the repair was not taken. Wait until the run is sealed.',
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

/** For who repairs: an agency sends a line again, finance proposes another repair. */
const REPAIR_WORDS: Readonly<Record<QuarantineCode, string>> = {
  LINE_MALFORMED:
    'A part of the repaired answer is not of its kind. Compare it with the documentation and propose the repair again.',
  OUTCOME_UNKNOWN: 'The repaired outcome is none of ACCEPTED, REJECTED and RETURNED. Propose one of them.',
  REASON_MISSING: 'A rejection or a return needs reasonCode and reason. Propose the repair with both.',
  RETURN_DATE_MISSING:
    'A return needs its day in returnedOn, such as 2026-09-23. Propose the repair with it.',
  RETURN_DATE_IMPOSSIBLE:
    'A credit cannot come back before its line was sealed, nor on a day that is still to come. Ask the agency for the day and propose the repair with it.',
  RETURN_NOT_ACCEPTED:
    'Only a credit that was accepted can come back, and this line was not. Ask the agency whether it was paid; propose REJECTED where it never was.',
  REASON_TOO_LONG:
    'A reason has at most 1,000 characters and its code at most 40. Shorten it and propose the repair again.',
  PATIENT_IDENTIFIER_FOUND: 'The repaired answer holds an NHS number. Propose the repair without it.',
  LINE_UNKNOWN:
    'Among those of your organisations, this agency has no such sealed line. Check file name, line number, declaration and attempt, and propose the repair again.',
  AMOUNT_DIFFERS:
    'The amount is not that of the sealed line. Ask the agency what was paid before you propose anything.',
  ANSWERS_CONTRADICT:
    'The line was answered otherwise before. Ask the agency which answer is right; withdraw a repair that waits, then propose another or dismiss the answer.',
};

/** The answer as it was repaired does not move its line. */
export class RepairedAnswerRefusedError extends AttestError {
  constructor(code: QuarantineCode | 'repeated') {
    super(
      code === 'repeated' ? 'ANSWER_REPEATED' : code,
      409,
      code === 'repeated'
        ? 'The line is answered in this way already, so there is nothing to apply. Dismiss the answer.'
        : REPAIR_WORDS[code],
    );
  }
}
