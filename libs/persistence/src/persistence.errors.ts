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
