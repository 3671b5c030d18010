import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES } from '@attest/contracts';
import { refuseReason } from '@attest/errors';
import { cursorValues, Idempotent, toPage, type Page } from '@attest/http';
import { SignOne } from '../application/sign-one.js';
import { TaskQueries, type TaskView } from '../application/queries.js';
import { ListTasksDto, RefuseTaskDto, SignTaskDto } from './approval-task.dto.js';

@ApiTags('approval tasks')
@Controller('approval-tasks')
export class ApprovalTasksController {
  constructor(
    private readonly access: Access,
    private readonly tasks: TaskQueries,
    private readonly signOne: SignOne,
  ) {}

  /** What waits for a signature at your commissioners. */
  @Get()
  @RequiresRole(...APPROVAL_ROLES, 'FINANCE_MANAGEMENT', 'VIEW')
  async list(@CurrentCaller() caller: Caller, @Query() query: ListTasksDto): Promise<Page<TaskView>> {
    const scope = await this.access.scope(caller, [...APPROVAL_ROLES, 'FINANCE_MANAGEMENT', 'VIEW']);
    const items = await this.tasks.list(scope, {
      ...query,
      held: query.held === undefined ? undefined : query.held === 'true',
      pending: query.pending === undefined ? undefined : query.pending === 'true',
      after: cursorValues(query.cursor, 'uuid')?.[0],
      limit: query.limit + 1,
    });
    return toPage(
      items,
      query.limit,
      (task) => [task.declarationId],
      (task) => task,
    );
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
