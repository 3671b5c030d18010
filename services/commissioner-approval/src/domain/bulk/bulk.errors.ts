import { AttestError } from '@attest/errors';

export class UnknownBulkApprovalError extends AttestError {
  constructor(bulkId: string) {
    super(
      'UNKNOWN_BULK_APPROVAL',
      404,
      'There is no such bulk approval of yours. Use the id that the request answered with; one that ended long ago is kept no longer, but the signatures are.',
      { bulkId },
    );
  }
}

export class BulkPreviewOtherStageError extends AttestError {
  constructor(previewId: string, stage: string) {
    super(
      'BULK_PREVIEW_OTHER_STAGE',
      409,
      `This preview counted what waits for the other stage. Ask for a preview of the stage "${stage}" and send that one.`,
      { previewId, stage },
    );
  }
}
