import { Controller, Get, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ApiBearerAuth, ApiOkResponse, ApiTags, type Page, pageOf } from '@attest/http';
import { QuarantinedAnswers } from '../application/quarantined-answers.js';
import { QuarantinedAnswerDto, QuarantinedAnswersQuery } from './quarantined-answers.dto.js';

const READERS = ['FINANCE_MANAGEMENT', 'NATIONAL_OPERATOR'] as const;

@ApiTags('acknowledgement files')
@ApiBearerAuth()
@RequiresRole(...READERS)
@Controller('acknowledgement-files/quarantined-answers')
export class QuarantinedAnswersController {
  constructor(
    private readonly access: Access,
    private readonly answers: QuarantinedAnswers,
  ) {}

  /** What agencies answered and nobody could apply, newest file first: of your organisations, or all for England. */
  @Get()
  @ApiOkResponse({ type: pageOf(QuarantinedAnswerDto) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: QuarantinedAnswersQuery,
  ): Promise<Page<QuarantinedAnswerDto>> {
    return this.answers.list(await this.access.scope(caller, READERS), query);
  }
}
