import { CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { BusinessClock, londonDate, systemClock } from '@attest/calendar';
import { ROLES, type Role } from '@attest/contracts';
import { MovableClock } from '@attest/hosting';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags, Idempotent } from '@attest/http';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { MoveClock } from '../application/move-clock.js';
import { BusinessTimeDto } from './catalogue-views.dto.js';
import { ClockDto } from './catalogue.dto.js';

@ApiTags('business clock')
@ApiBearerAuth()
@Controller('business-clock')
export class BusinessClockController {
  constructor(
    private readonly moveClock: MoveClock,
    private readonly movable: MovableClock,
    private readonly clock: BusinessClock,
  ) {}

  @Post()
  @HttpCode(200)
  @Idempotent()
  @RequiresRole('NATIONAL_OPERATOR')
  @ApiOperation({ summary: 'Development only: business time runs on from here' })
  @ApiOkResponse({ type: BusinessTimeDto })
  async move(@CurrentCaller() caller: Caller, @Body() body: ClockDto): Promise<BusinessTimeDto> {
    // The clock runs with it once this is committed, which is after the answer was made.
    const { offsetMs } = await this.moveClock.run(caller, new Date(body.now));
    const now = new Date(systemClock.now().getTime() + offsetMs);
    return { now, today: londonDate(now), offsetMs, movable: this.movable.movable };
  }

  @Get()
  @RequiresRole(...([...ROLES] as [Role, ...Role[]]))
  @ApiOperation({ summary: 'What time business rules go by' })
  @ApiOkResponse({ type: BusinessTimeDto })
  read(): BusinessTimeDto {
    return {
      now: this.clock.now(),
      today: this.clock.today(),
      offsetMs: this.clock.offsetMs,
      movable: this.movable.movable,
    };
  }
}
