import { AttestError } from '@attest/errors';

export class UnknownMessageError extends AttestError {
  constructor(messageId: string) {
    super(
      'UNKNOWN_MESSAGE',
      404,
      'There is no such message for your organisations. Look it up again in the list.',
      { messageId },
    );
  }
}
