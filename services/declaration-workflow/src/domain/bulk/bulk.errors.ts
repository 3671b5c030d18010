import { AttestError } from '@attest/errors';
import { AT_ONCE_MOST, type BulkAction } from './bulk.js';

export class BulkNeedsAJobError extends AttestError {
  /** @param jobMost what a job takes */
  constructor(action: BulkAction, items: number, jobMost: number) {
    super(
      'BULK_NEEDS_A_JOB',
      422,
      `This request has ${items} items, and up to ${AT_ONCE_MOST} are answered at once; nothing of it was done. Send them to POST /api/v1/bulk-declarations with action "${action}": it takes up to ${jobMost} as a job, and each item is answered below its id.`,
      { action, items, most: AT_ONCE_MOST },
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
