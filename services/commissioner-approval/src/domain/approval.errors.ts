import { AttestError } from '@attest/errors';
import { wordsFor, type RefusalCode } from './task.js';

const STATUS: Record<RefusalCode, number> = {
  UNKNOWN_DECLARATION: 404,
  NOT_YOUR_ORGANISATION: 403,
  WRONG_STAGE: 409,
  WRONG_TIER_ROLE: 403,
  VERSION_SUPERSEDED: 412,
  ON_HOLD: 409,
  AWAITING_AGGREGATION: 409,
  SIGNATURE_PENDING: 409,
  SAME_PERSON: 403,
};

export class SignatureRefusedError extends AttestError {
  constructor(code: RefusalCode, declarationId: string) {
    super(code, STATUS[code], wordsFor(code), { declarationId });
  }
}

export class UnknownBulkApprovalError extends AttestError {
  constructor(bulkId: string) {
    super(
      'UNKNOWN_BULK_APPROVAL',
      404,
      'There is no such bulk approval of yours. Use the id that the request answered with.',
      {
        bulkId,
      },
    );
  }
}

export class BulkItemRepeatedError extends AttestError {
  constructor(declarationId: string) {
    super(
      'BULK_ITEM_REPEATED',
      422,
      'One declaration stands twice in the request. Send each declaration once.',
      { declarationId },
    );
  }
}
