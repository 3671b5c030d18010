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

/** Addresses of one organisation. */
export const MOST_CONTACTS = 50;

export class TooManyContactsError extends AttestError {
  constructor(organisationCode: string) {
    super(
      'TOO_MANY_CONTACTS',
      409,
      `An organisation has at most ${MOST_CONTACTS} addresses. Remove one, or give the address of a list.`,
      { organisationCode },
    );
  }
}
