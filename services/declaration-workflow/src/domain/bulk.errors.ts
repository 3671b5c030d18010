import { AttestError } from '@attest/errors';
import { AT_ONCE_MOST, BULK_ITEMS_MOST, type BulkAction } from './bulk.js';

export class BulkTooLargeError extends AttestError {
  constructor() {
    super(
      'BULK_TOO_LARGE',
      422,
      `More than ${BULK_ITEMS_MOST} fit this filter, which is the most that one bulk acts on. Narrow it, for example to one service or commissioner, and do it in parts.`,
      { most: BULK_ITEMS_MOST },
    );
  }
}

/** One transaction may not hold so much; a job takes it in chunks. */
export class BulkNeedsAJobError extends AttestError {
  constructor(action: BulkAction, items: number) {
    super(
      'BULK_NEEDS_A_JOB',
      422,
      `This request has ${items} items, and up to ${AT_ONCE_MOST} are answered at once; nothing of it was done. Send them to POST /api/v1/bulk-declarations with action "${action}": it takes up to ${BULK_ITEMS_MOST} as a job, and each item is answered below its id.`,
      { action, items, most: AT_ONCE_MOST },
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

export class BulkPreviewOtherActionError extends AttestError {
  constructor(previewId: string, previewed: BulkAction, action: BulkAction) {
    super(
      'BULK_PREVIEW_OTHER_ACTION',
      422,
      `This preview was made for action "${previewed}" and this request is for "${action}". Ask for a preview of what you want to do, or send the action that it was made for.`,
      { previewId, previewed, action },
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

export class UnknownBulkDeclarationError extends AttestError {
  constructor(bulkId: string) {
    super(
      'UNKNOWN_BULK_DECLARATION',
      404,
      'There is no such bulk of yours. Use the id that the request answered with; one that ended long ago is kept no longer, but the history of its declarations is.',
      { bulkId },
    );
  }
}
