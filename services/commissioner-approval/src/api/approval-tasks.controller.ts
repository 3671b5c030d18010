import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES } from '@attest/contracts';
import { refuseReason } from '@attest/errors';
import { ApiOkResponse, ApiTags, Idempotent, type Page, cursorValues, pageOf, toPage } from '@attest/http';
import { LookAtTasks, LOOKING_ROLES } from '../application/look-at-tasks.js';
import { SignOne } from '../application/sign-one.js';
import { ListTasksDto, RefuseTaskDto, SignTaskDto } from './approval-task.dto.js';
import { ApprovalTaskView } from './approval-task.view.js';

@ApiTags('approval tasks')
@Controller('approval-tasks')
export class ApprovalTasksController {
  constructor(
    private readonly look: LookAtTasks,
    private readonly signOne: SignOne,
  ) {}

  /** What waits for a signature at your commissioners. */
  @Get()
  @RequiresRole(...LOOKING_ROLES)
  @ApiOkResponse({ type: pageOf(ApprovalTaskView) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() { cursor, limit, held, pending, ...filter }: ListTasksDto,
  ): Promise<Page<ApprovalTaskView>> {
    const items = await this.look.list(caller, {
      ...filter,
      held: held === undefined ? undefined : held === 'true',
      pending: pending === undefined ? undefined : pending === 'true',
      after: cursorValues(cursor, 'uuid')?.[0],
      limit: limit + 1,
    });
    return toPage(
      items,
      limit,
      (task) => [task.declarationId],
      (task) => task,
    );
  }

  /** Also when it waits for no signature any more: its newest one says whether it was applied, and if not, why. */
  @Get(':declarationId')
  @RequiresRole(...LOOKING_ROLES)
  @ApiOkResponse({ type: ApprovalTaskView })
  one(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
  ): Promise<ApprovalTaskView> {
    return this.look.one(caller, declarationId);
  }

  /** Signs one stage of exactly the version you saw. The signature is pending until it is applied. */
  @Post(':declarationId/sign')
  @HttpCode(202)
  @Idempotent()
  @RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
  sign(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Body() body: SignTaskDto,
  ): Promise<{ approvalId: string }> {
    return this.signOne.run(
      { personId: caller.personId, stage: body.stage, decision: 'approve', reason: null, bulkId: null },
      { declarationId: declarationId.toLowerCase(), declarationVersion: BigInt(body.declarationVersion) },
    );
  }

  /** Sends it back one stage, with a reason. */
  @Post(':declarationId/refuse')
  @HttpCode(202)
  @Idempotent()
  @RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT')
  refuse(
    @CurrentCaller() caller: Caller,
    @Param('declarationId', ParseUUIDPipe) declarationId: string,
    @Body() body: RefuseTaskDto,
  ): Promise<{ approvalId: string }> {
    const reason = refuseReason(body.reason);
    return this.signOne.run(
      { personId: caller.personId, stage: body.stage, decision: 'refuse', reason, bulkId: null },
      { declarationId: declarationId.toLowerCase(), declarationVersion: BigInt(body.declarationVersion) },
    );
  }
}
