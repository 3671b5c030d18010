import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { decodeCursor, encodeCursor, pageOf, type Page } from '@attest/http';
import { MessageQueries } from '../application/ports.js';
import { ForOrganisationDto } from './message.dto.js';
import { TaskView, taskViewOf } from './message.view.js';
import { READERS } from './readers.js';

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly access: Access,
    private readonly messages: MessageQueries,
  ) {}

  /** What an organisation has to do now. */
  @Get()
  @ApiOkResponse({ type: pageOf(TaskView) })
  @RequiresRole(...READERS)
  async list(@CurrentCaller() caller: Caller, @Query() query: ForOrganisationDto): Promise<Page<TaskView>> {
    await this.access.require(caller, READERS, query.organisationCode);
    const after = query.cursor === undefined ? undefined : String(decodeCursor(query.cursor)[0]);
    const found = await this.messages.tasks(query.organisationCode, after, query.limit);
    const items = found.map(taskViewOf);
    const last = items.length === query.limit ? items.at(-1) : undefined;
    return { items, nextCursor: last ? encodeCursor([last.declarationId]) : null };
  }
}
