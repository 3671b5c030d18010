import { AttestError } from '@attest/errors';
import { QUARANTINE_WORDS, type QuarantineCode } from './acknowledgement.js';

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

/** The answer as it was repaired does not move its line; the words are those that its agency would read. */
export class RepairedAnswerRefusedError extends AttestError {
  constructor(code: QuarantineCode | 'repeated') {
    super(
      code === 'repeated' ? 'ANSWER_REPEATED' : code,
      409,
      code === 'repeated'
        ? 'The line is answered in this way already, so there is nothing to apply. Dismiss the answer.'
        : QUARANTINE_WORDS[code],
    );
  }
}
