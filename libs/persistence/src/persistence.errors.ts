import { AttestError } from '@attest/errors';

/**
 * PostgreSQL answers COMMIT with ROLLBACK, and no error, when a statement of the transaction had failed and somebody
 * swallowed that failure. Taking it for a commit would lose the write silently.
 */
export class TransactionRolledBackError extends AttestError {
  constructor() {
    super(
      'TRANSACTION_ROLLED_BACK',
      500,
      'A statement of this transaction failed and its error was swallowed, so nothing was written. Use a savepoint around what may fail.',
    );
  }
}

/** Its request was over before it had begun, so nobody would commit what is done in it. */
export class UnitEndedError extends AttestError {
  constructor() {
    super(
      'UNIT_ENDED',
      500,
      'The request ended before this could be written, so nothing was. Wait in the handler for all that it starts, then send the request again.',
    );
  }
}
