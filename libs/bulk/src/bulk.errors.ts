import { AttestError } from '@attest/errors';
import { BULK_ITEMS_MOST } from './bulk.js';

export class BulkTooLargeError extends AttestError {
  /** @param named what the filter chooses, where one word says it */
  constructor(named?: string) {
    super(
      'BULK_TOO_LARGE',
      422,
      `More than ${BULK_ITEMS_MOST}${named === undefined ? '' : ` ${named}`} fit this filter, which is the most that one bulk acts on. Narrow it, for example to one service or commissioner, and do it in parts.`,
      { most: BULK_ITEMS_MOST },
    );
  }
}

export class UnknownBulkPreviewError extends AttestError {
  constructor(previewId: string) {
    super(
      'UNKNOWN_BULK_PREVIEW',
      404,
      'There is no such preview of yours. Use the id that the request for it answered with, or ask for a new one.',
      { previewId },
    );
  }
}

export class BulkPreviewExpiredError extends AttestError {
  constructor(previewId: string, expiredAt: Date) {
    super(
      'BULK_PREVIEW_EXPIRED',
      410,
      'This preview is too old to act on. Ask for a new one, look at its count and pounds, and send that one.',
      { previewId, expiredAt: expiredAt.toISOString() },
    );
  }
}

export class BulkEmptyError extends AttestError {
  constructor(previewId: string) {
    super(
      'BULK_EMPTY',
      422,
      'Nothing fits the filter of this preview, so there is nothing to do. Widen the filter and look again.',
      { previewId },
    );
  }
}
