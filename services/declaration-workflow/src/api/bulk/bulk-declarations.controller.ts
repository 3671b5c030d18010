import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { AskForBulk, bulksController, type BulkProgress } from '@attest/bulk';
import { ApiAcceptedResponse, ApiTags, EventStreams, IdempotencyKey, Idempotent } from '@attest/http';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { BULK_ROLES } from '../../application/bulk/bulk-roles.js';
import type { DeclarationBulk } from '../../application/bulk/declaration-bulk.js';
import { BULK_ITEM_STATES } from '../../domain/bulk/bulk.js';
import { askedItemsOf, bulkRequestOf } from './bulk-request.js';
import { BulkDeclarationDto } from './bulk.dto.js';
import { BulkDeclarationItemView, BulkDeclarationView, itemViewOf } from './bulk.view.js';

/** Declaring, releasing or admitting up to 10,000 as a job. Only who asked for one sees it. */
@ApiTags('bulk declarations')
@Controller('bulk-declarations')
@RequiresRole(...BULK_ROLES)
export class BulkDeclarationsController extends bulksController<
  DeclarationBulk,
  BulkDeclarationView,
  BulkDeclarationItemView
>({
  progress: BulkDeclarationView,
  item: BulkDeclarationItemView,
  states: BULK_ITEM_STATES,
  itemOf: itemViewOf,
  // The last item is answered before the job is ended, which is a change of its own.
  stepOf: ({ items, queued, endedAt }) => ({
    sequence: items - queued + Number(endedAt !== null),
    ended: endedAt !== null,
  }),
}) {
  constructor(bulks: AskForBulk<DeclarationBulk>, streams: EventStreams) {
    super(bulks, streams);
  }

  /** Answers at once; each item gets an answer of its own, found below the id that this returns. */
  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiAcceptedResponse({ type: BulkDeclarationView })
  async begin(
    @CurrentCaller() { personId }: Caller,
    @IdempotencyKey() requestKey: string,
    @Body() body: BulkDeclarationDto,
  ): Promise<BulkProgress<DeclarationBulk>> {
    return this.bulks.of({ personId, requestKey, request: bulkRequestOf(body) }, body, (items) =>
      askedItemsOf(body.action, items),
    );
  }
}
