import { RequiresRole } from '@attest/auth';
import { ApiBearerAuth, ApiTags, cursorValue, toPage, type Page } from '@attest/http';
import { listForgotten, type ForgottenEvent } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { Controller, Get, Query } from '@nestjs/common';
import { ForgottenEventQuery } from './operations.dto.js';

/**
 * What this service has told and, since its database was restored, does not know any more. Others keep it until the
 * same thing is told again, so somebody has to look at each and do again what should stand.
 */
@ApiTags('operations')
@ApiBearerAuth()
@RequiresRole('NATIONAL_OPERATOR')
@Controller('operations/forgotten-events')
export class ForgottenEventsController {
  constructor(private readonly database: Database) {}

  @Get()
  async list(@Query() { cursor, limit, ...query }: ForgottenEventQuery): Promise<Page<ForgottenEvent>> {
    const events = await listForgotten(this.database, {
      ...query,
      limit: limit + 1,
      afterId: cursorValue(cursor, 'uuid'),
    });
    return toPage(
      events,
      limit,
      (event) => [event.eventId],
      (event) => event,
    );
  }
}
