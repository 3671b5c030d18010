import { AttestError, type ErrorFacts } from './attest-error.js';

/** The body of `application/problem+json` (RFC 9457) with our stable code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** The path that was asked for, so that a problem found in a log can be placed. */
  readonly instance?: string;
  readonly facts: ErrorFacts;
  /** Every fault of one request at once, where there can be several. */
  readonly faults?: readonly Fault[];
}

/** One thing wrong with a request: where it lies and what would fit there. Never the value itself. */
export interface Fault {
  readonly at: string;
  readonly detail: string;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request cannot be understood',
  401: 'You are not signed in',
  403: 'You may not do this',
  404: 'It was not found',
  405: 'This cannot be done here',
  406: 'This form cannot be given',
  409: 'It cannot be done now',
  410: 'It is no longer here',
  412: 'It has changed since you read it',
  413: 'The request is too large',
  415: 'This form cannot be read',
  422: 'The request cannot be carried out',
  428: 'A precondition is missing',
  429: 'Too many requests',
  500: 'Something failed on our side',
  503: 'The service is not ready',
};

const SURPRISE_DETAIL =
  'Something failed on our side and nothing of this request was kept. Try again; if it fails again, report the correlation id.';

/**
 * The problem an error becomes at an HTTP edge. Whatever is no AttestError tells nothing of its insides. What failed on
 * our side (500) tells its code alone: its words are for whoever reads the log. A 503 has words for the caller.
 */
export function problemOf(error: unknown, instance?: string): Problem {
  const known = toldToCaller(error);
  const faults = error instanceof RequestFaultsError ? { faults: error.faults } : {};
  return {
    type: `urn:attest:problem:${known.code.toLowerCase().replaceAll('_', '-')}`,
    title:
      TITLES[known.status] ??
      (known.status < 500 ? 'The request was refused' : 'Something failed on our side'),
    status: known.status,
    code: known.code,
    detail: known.detail,
    ...(instance === undefined ? {} : { instance }),
    facts: known.facts,
    ...faults,
  };
}

function toldToCaller(error: unknown): AttestError {
  if (!(error instanceof AttestError)) return new AttestError('UNEXPECTED_ERROR', 500, SURPRISE_DETAIL);
  const isForLogs = error.status >= 500 && error.status !== 503;
  return isForLogs ? new AttestError(error.code, error.status, SURPRISE_DETAIL) : error;
}

/** A request with one or more faults, told all at once. */
export class RequestFaultsError extends AttestError {
  constructor(readonly faults: readonly Fault[]) {
    super(
      'REQUEST_FAULTY',
      400,
      `The request has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}: ${faults
        .slice(0, 5)
        .map((f) => (f.at ? `${f.at} ${f.detail}` : f.detail))
        .join('; ')}${faults.length > 5 ? '; and more' : ''}. Correct it and send it again.`,
      { faults: faults.length },
    );
  }
}
