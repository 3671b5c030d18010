import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { AskForBulk, bulksController, type BulkProgress } from '@attest/bulk';
import { APPROVAL_ROLES } from '@attest/contracts';
import { refuseReason, RequestFaultsError } from '@attest/errors';
import { ApiAcceptedResponse, ApiTags, EventStreams, IdempotencyKey, Idempotent } from '@attest/http';
import type { ApprovalBulk } from '../../application/bulk/approval-bulk.js';
import { BULK_ITEM_STATES } from '../../domain/bulk/bulk.js';
import { BulkApprovalDto } from './bulk.dto.js';
import { BulkApprovalView, BulkItemView, itemViewOf } from './bulk.view.js';

/** Signing or refusing up to 10,000 as a job. Only who asked for one sees it. */
@ApiTags('bulk approvals')
@Controller('bulk-approvals')
@RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
export class BulkApprovalsController extends bulksController<ApprovalBulk, BulkApprovalView, BulkItemView>({
  progress: BulkApprovalView,
  item: BulkItemView,
  states: BULK_ITEM_STATES,
  itemOf: itemViewOf,
  // Each item moves twice: when it is signed, and when that is answered.
  stepOf: ({ items, queued, pending }) => ({
    sequence: 2 * (items - queued) - pending,
    ended: queued + pending === 0,
  }),
}) {
  constructor(bulks: AskForBulk<ApprovalBulk>, streams: EventStreams) {
    super(bulks, streams);
  }

  /** Answers at once; each item gets an answer of its own, found below the id that this returns. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiAcceptedResponse({ type: BulkApprovalView })
  async sign(
    @CurrentCaller() { personId }: Caller,
    @IdempotencyKey() requestKey: string,
    @Body() body: BulkApprovalDto,
  ): Promise<BulkProgress<ApprovalBulk>> {
    return this.bulks.of({ personId, requestKey, request: requestOf(body) }, body, (items) =>
      items.map(({ declarationId, declarationVersion }) => ({
        declarationId: declarationId.toLowerCase(),
        declarationVersion: BigInt(declarationVersion),
      })),
    );
  }
}

/** @throws RequestFaultsError, ReasonMissingError and its kind */
function requestOf({ stage, decision, reason }: BulkApprovalDto): ApprovalBulk['request'] {
  if (decision === 'approve' && reason !== undefined)
    throw new RequestFaultsError([{ at: 'reason', detail: 'belongs to refusing only' }]);
  return { stage, decision, reason: decision === 'refuse' ? refuseReason(reason ?? '') : null };
}
