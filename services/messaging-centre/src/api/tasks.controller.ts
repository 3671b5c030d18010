import { Controller, Get, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { READING_ROLES } from '@attest/contracts';
import { BusinessClock } from '@attest/calendar';
import { ApiOkResponse, ApiTags, type Page, cursorValues, pageOf, toPage } from '@attest/http';
import { MessageQueries } from '../application/ports.js';
import { ForOrganisationDto } from './message.dto.js';
import { TaskView, taskViewOf } from './message.view.js';

@ApiTags('tasks')
@Controller('tasks')
export class TasksController {
  constructor(
    private readonly access: Access,
    private readonly messages: MessageQueries,
    private readonly clock: BusinessClock,
  ) {}

  /** What an organisation has to do now, and can: what may not be declared yet, or is frozen, is left out. */
  @Get()
  @ApiOkResponse({ type: pageOf(TaskView) })
  @RequiresRole(...READING_ROLES)
  async list(@CurrentCaller() caller: Caller, @Query() query: ForOrganisationDto): Promise<Page<TaskView>> {
    await this.access.require(caller, READING_ROLES, query.organisationCode);
    const after = cursorValues(query.cursor, 'uuid')?.[0];
    return toPage(
      await this.messages.tasks(query.organisationCode, this.clock.today(), after, query.limit + 1),
      query.limit,
      (task) => [task.declarationId],
      taskViewOf,
    );
  }
}
