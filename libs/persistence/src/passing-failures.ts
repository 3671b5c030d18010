import { DatabaseAwayError, DatabaseBusyError, StatementTooLongError } from './persistence.errors.js';

/** Somebody else was faster or holds what is needed. */
const BUSY_CODES = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available: it waited as long as it may
]);

/** query_canceled: it ran as long as it may; the data is not at fault. */
const TOO_LONG = '57014';
/** read_only_sql_transaction: the server was the primary and is none any more. */
const FORMER_PRIMARY = '25006';

const AWAY_CODES = new Set([
  FORMER_PRIMARY,
  '25P03', // idle_in_transaction_session_timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTCONN',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Connection exceptions (08) and insufficient resources (53): the same statement may succeed later. */
const AWAY_CLASSES = new Set(['08', '53']);
/** A full disk or memory is the statement's failure; the connection goes on. */
const NOT_OF_CONNECTION_CLASS = '53';

/** node-postgres gives these no code. */
const CONNECTION_LOST =
  /^(Connection terminated|Client has encountered a connection error|timeout expired|timeout exceeded when trying to connect|Client was closed)/;

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (AWAY_CODES.has(code) || (code.length === 5 && AWAY_CLASSES.has(code.slice(0, 2)))) return true;
  return isConnectionLost(error) || isTimeoutOfEveryAddress(error);
}

/** A name with several addresses none of which answers: node tells them together. */
const isTimeoutOfEveryAddress = (error: Error): boolean =>
  error instanceof AggregateError && error.errors.length > 0 && error.errors.every(isAway);

export const isConnectionLost = (error: Error): boolean => CONNECTION_LOST.test(error.message);

/** Whether what failed may succeed when it is simply tried again: the database was away, busy, or chose a victim. */
export const isPassingFailure = (error: unknown): boolean => databaseFailure(error) !== undefined;

/** What whoever asked is told of a failure that passes by itself; undefined of every other. */
export function databaseFailure(
  error: unknown,
): DatabaseAwayError | DatabaseBusyError | StatementTooLongError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isAway(error)) return new DatabaseAwayError();
  const code = codeOf(error);
  if (BUSY_CODES.has(code)) return new DatabaseBusyError();
  if (code === TOO_LONG) return new StatementTooLongError();
  return undefined;
}

/** Whether the connection itself must not be used again. */
export const isOfConnection = (error: unknown): boolean =>
  isAway(error) && !codeOf(error).startsWith(NOT_OF_CONNECTION_CLASS);

/** Whether this server is no primary any more: the others of its pool lead there too. */
export const isFormerPrimary = (error: unknown): boolean => codeOf(error) === FORMER_PRIMARY;

/** Whether the whole transaction is to be run again at once. A former primary has written nothing. */
export function isRetryableTransaction(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01' || code === FORMER_PRIMARY;
}
