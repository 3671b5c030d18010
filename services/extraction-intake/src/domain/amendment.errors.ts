import { AttestError, type ErrorFacts } from '@attest/errors';
import { ROW_FAULTS, type RowFault } from './row-faults.js';

interface RefusalText {
  readonly status: number;
  /** It passes by itself: the same request may be carried out later, as it is. */
  readonly passes?: true;
  readonly words: string;
}

/** Every way in which an amendment is not taken, with its stable code: what happened and what to do next. */
export const AMENDMENT_REFUSALS = {
  AMENDMENT_UNKNOWN: {
    status: 404,
    words: 'There is no such amendment request. See GET amendment-requests for those that there are.',
  },
  SERVICE_UNKNOWN: {
    status: 422,
    words: 'No quality service has this code. Correct it; see GET completeness for the services.',
  },
  RULE_PACK_NOT_HELD: {
    status: 409,
    passes: true,
    words:
      'How this service is calculated is not known here yet. An operator has to replay quality-services first; then ask again.',
  },
  DATE_OUTSIDE_SERVICE: {
    status: 422,
    words: 'The achievement date lies outside the dates of the service. Correct it.',
  },
  YEAR_CLOSED: {
    status: 422,
    words:
      'The achievement date lies in a financial year that is closed for this service, so its figures stand. Settle the difference with your commissioner outside Attest.',
  },
  PRACTICE_UNKNOWN: { status: 422, words: 'No organisation has this code. Correct it.' },
  ORGANISATION_NOT_A_PRACTICE: {
    status: 422,
    words: 'This organisation is not a practice. Values are those of practices: name the practice.',
  },
  NOT_PARTICIPATING: {
    status: 422,
    words:
      'The practice does not take part in this service at that date, so other values would pay nothing. Have its participation corrected first.',
  },
  PAGE_UNKNOWN: {
    status: 422,
    words:
      'Nothing has been received for this practice, service and date, so there is nothing to amend. See GET completeness/missing; the values have to be sent as an extract first.',
  },
  UPSTREAM_EVENT_PARKED: {
    status: 409,
    passes: true,
    words:
      'What was last said about this service or practice could not be read and waits for repair. An operator has to replay it first.',
  },
  FIELD_DUPLICATE: {
    status: 422,
    words: 'The field is named twice, so which value is meant is not clear. Name it once.',
  },
  NOTHING_CHANGED: {
    status: 422,
    words: 'All of these values are what the page says already. Correct them, or leave the request.',
  },
  PAGE_INCOMPLETE: {
    status: 422,
    words:
      'The page would still lack values that the service requires. Give those as well; GET pages shows what is there.',
  },
  AMENDMENT_ALREADY_OPEN: {
    status: 409,
    words:
      'This page has an open amendment request. Withdraw that one first, or wait until it is decided, then ask again.',
  },
  AMENDMENT_ALREADY_DECIDED: {
    status: 409,
    words:
      'This request has been decided already. Read it again to see by whom; other values need a new request.',
  },
  PAGE_CHANGED_SINCE: {
    status: 409,
    words:
      'Newer data has arrived for this page since the request was made, so its old values are no longer those that count. Nothing was changed. The provider looks at the new page and asks again where it is still wrong.',
  },
  RULE_PACK_CHANGED_SINCE: {
    status: 409,
    words:
      'How this service is calculated has changed since the request was made, so its pounds are no longer right. Nothing was changed. Refuse it, and the provider asks again.',
  },
  SAME_PERSON: {
    status: 403,
    words:
      'You made this request, so somebody else has to decide on it. Ask a colleague at the commissioner.',
  },
  STALE_VERSION: {
    status: 412,
    words: 'The request has changed since you read it. Read it again, look at what changed, and repeat.',
  },
} as const satisfies Record<string, RefusalText>;
export type AmendmentRefusal = keyof typeof AMENDMENT_REFUSALS;

export class AmendmentRefusedError extends AttestError {
  constructor(code: AmendmentRefusal, facts: ErrorFacts = {}) {
    super(code, AMENDMENT_REFUSALS[code].status, AMENDMENT_REFUSALS[code].words, facts);
  }

  override get passesByItself(): boolean {
    return (AMENDMENT_REFUSALS[this.code as AmendmentRefusal] as RefusalText).passes === true;
  }
}

export type ValueFault =
  | Extract<
      RowFault,
      | 'FIELD_UNKNOWN'
      | 'VALUE_MISSING'
      | 'VALUE_NEGATIVE'
      | 'VALUE_TOO_LARGE'
      | 'VALUE_DECIMAL'
      | 'VALUE_NOT_A_NUMBER'
    >
  | 'FIELD_DUPLICATE';

/** Told by its place in the request: what was sent is not repeated, it could be anything. */
export interface FaultyValue {
  readonly place: number;
  readonly code: ValueFault;
}

/** Values that cannot be taken. The code is the first one's; the words name all. */
export class ValuesFaultyError extends AttestError {
  constructor(faults: readonly FaultyValue[]) {
    const shown = faults.slice(0, 10).map(({ place, code }) => `values[${place}] ${code}: ${wordsOf(code)}`);
    super(
      faults[0]!.code,
      422,
      `Nothing was asked for. ${shown.join(' ')}${faults.length > shown.length ? ` And ${faults.length - shown.length} more.` : ''}`,
      { place: faults[0]!.place, faults: faults.length },
    );
  }
}

const wordsOf = (code: ValueFault): string =>
  code === 'FIELD_DUPLICATE' ? AMENDMENT_REFUSALS[code].words : ROW_FAULTS[code];
