import { AttestError } from '@attest/errors';
import { wordsFor, type RefusalCode } from './task.js';

const STATUS: Record<RefusalCode, number> = {
  UNKNOWN_DECLARATION: 404,
  NOT_YOUR_ORGANISATION: 403,
  UPSTREAM_EVENT_PARKED: 409,
  WRONG_STAGE: 409,
  WRONG_TIER_ROLE: 403,
  VERSION_SUPERSEDED: 412,
  ON_HOLD: 409,
  AWAITING_AGGREGATION: 409,
  SIGNATURE_PENDING: 409,
  SAME_PERSON: 403,
};

/** The same signature may be taken later, as it is. A declaration that is not known here may be on its way. */
const PASSING: ReadonlySet<string> = new Set<RefusalCode>([
  'AWAITING_AGGREGATION',
  'SIGNATURE_PENDING',
  'UNKNOWN_DECLARATION',
  'UPSTREAM_EVENT_PARKED',
]);

export class UnknownTaskError extends AttestError {
  constructor(declarationId: string) {
    super('UNKNOWN_DECLARATION', 404, wordsFor('UNKNOWN_DECLARATION'), { declarationId });
  }
}

export class SignatureRefusedError extends AttestError {
  constructor(code: RefusalCode, declarationId: string) {
    super(code, STATUS[code], wordsFor(code), { declarationId });
  }

  override get passesByItself(): boolean {
    return PASSING.has(this.code);
  }
}
