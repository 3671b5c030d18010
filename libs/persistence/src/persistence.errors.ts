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

/** The same request may be carried out later: nobody has to correct it. */
abstract class PassingDatabaseError extends AttestError {
  override get passesByItself(): boolean {
    return true;
  }
}

export class DatabaseAwayError extends PassingDatabaseError {
  constructor() {
    super(
      'DATABASE_AWAY',
      503,
      'The database cannot be reached now, or has no connection free. Send the same request again in a few seconds. What it may have done already is not done twice where it has an Idempotency-Key.',
    );
  }
}

export class DatabaseBusyError extends PassingDatabaseError {
  constructor() {
    super(
      'DATABASE_BUSY',
      503,
      'Others hold what this request needs, and it waited as long as it may. Nothing of it was done. Send the same request again in a few seconds.',
    );
  }
}

export class StatementTooLongError extends PassingDatabaseError {
  constructor() {
    super(
      'STATEMENT_TOO_LONG',
      503,
      'A part of this request took longer than it may and was ended. Nothing of it was done. Ask for less at once, or send it again when there is less to do.',
    );
  }
}

/** A statement that PostgreSQL did not answer, so that its connection was closed. With the code of a lost connection. */
export class ConnectionLostError extends Error {
  readonly code = '08006';

  constructor(afterMs: number) {
    super(`PostgreSQL did not answer within ${afterMs} ms. The connection was closed.`);
    this.name = new.target.name;
  }
}

/** The part of the pool that is not kept for requests is in use. With the code of too many connections. */
export class NoConnectionFreeError extends Error {
  readonly code = '53300';

  constructor(afterMs: number) {
    super(`No connection for work in the background became free within ${afterMs} ms.`);
    this.name = new.target.name;
  }
}
