import {
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Res,
  type PipeTransform,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { refuseReason } from '@attest/errors';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiIfMatch,
  ApiOkResponse,
  ApiTags,
  Idempotent,
  IfMatch,
  NothingDto,
  setEtag,
} from '@attest/http';
import type { AnswerKey } from '../application/quarantine.ports.js';
import { QuarantinedAnswers } from '../application/quarantined-answers.js';
import { RepairAnswers, type Acting } from '../application/repair-answers.js';
import { UnknownQuarantinedAnswerError } from '../domain/quarantine.errors.js';
import { ProposeRepairDto, repairFrom, SettleReasonDto } from './quarantine-repairs.dto.js';
import { QuarantinedAnswerDetailDto } from './quarantined-answers.dto.js';

const ACTORS = ['FINANCE_MANAGEMENT'] as const;
const READERS = [...ACTORS, 'NATIONAL_OPERATOR'] as const;
/** A line that no file can have is one that is not there. */
class LinePipe implements PipeTransform<string, number> {
  transform(line: string): number {
    if (!/^[1-9]\d{0,8}$/.test(line)) throw new UnknownQuarantinedAnswerError();
    return Number(line);
  }
}

@ApiTags('acknowledgement files')
@ApiBearerAuth()
@RequiresRole(...ACTORS)
@Controller('acknowledgement-files/quarantined-answers/:fileId/:line')
export class QuarantineRepairsController {
  constructor(
    private readonly access: Access,
    private readonly answers: QuarantinedAnswers,
    private readonly repairs: RepairAnswers,
  ) {}

  /** One answer with what it states, every line that was sealed for its declaration, and what was done with it. */
  @Get()
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: QuarantinedAnswerDetailDto })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Param('line', LinePipe) line: number,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuarantinedAnswerDetailDto> {
    return this.shown({ fileId, line }, await this.access.scope(caller, READERS), reply);
  }

  /** Waits for a second person. It is refused here already where it would not move its line. */
  @Post('repairs')
  @Idempotent()
  @ApiIfMatch()
  @ApiCreatedResponse({ type: QuarantinedAnswerDetailDto })
  async propose(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Param('line', LinePipe) line: number,
    @IfMatch() version: bigint,
    @Body() body: ProposeRepairDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuarantinedAnswerDetailDto> {
    return this.acted(caller, { fileId, line }, version, reply, (key, by) =>
      this.repairs.propose(key, by, repairFrom(body.answer), refuseReason(body.reason)),
    );
  }

  /** By another person than the one who proposed it: the answer is applied as if it had come in a file. */
  @Post('repairs/:repairId/confirm')
  @HttpCode(200)
  @Idempotent()
  @ApiIfMatch()
  @ApiOkResponse({ type: QuarantinedAnswerDetailDto })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Param('line', LinePipe) line: number,
    @Param('repairId', ParseUUIDPipe) repairId: string,
    @IfMatch() version: bigint,
    @Body() _: NothingDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuarantinedAnswerDetailDto> {
    return this.acted(caller, { fileId, line }, version, reply, (key, by) =>
      this.repairs.confirm(key, by, repairId.toLowerCase()),
    );
  }

  /** It was proposed wrongly: another one may be proposed. */
  @Post('repairs/:repairId/withdraw')
  @HttpCode(200)
  @Idempotent()
  @ApiIfMatch()
  @ApiOkResponse({ type: QuarantinedAnswerDetailDto })
  async withdraw(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Param('line', LinePipe) line: number,
    @Param('repairId', ParseUUIDPipe) repairId: string,
    @IfMatch() version: bigint,
    @Body() body: SettleReasonDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuarantinedAnswerDetailDto> {
    return this.acted(caller, { fileId, line }, version, reply, (key, by) =>
      this.repairs.withdraw(key, by, repairId.toLowerCase(), refuseReason(body.reason)),
    );
  }

  /** It moves nothing and is settled: its line stays as it is. */
  @Post('dismiss')
  @HttpCode(200)
  @Idempotent()
  @ApiIfMatch()
  @ApiOkResponse({ type: QuarantinedAnswerDetailDto })
  async dismiss(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Param('line', LinePipe) line: number,
    @IfMatch() version: bigint,
    @Body() body: SettleReasonDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuarantinedAnswerDetailDto> {
    return this.acted(caller, { fileId, line }, version, reply, (key, by) =>
      this.repairs.dismiss(key, by, refuseReason(body.reason)),
    );
  }

  private async acted(
    { personId, ...caller }: Caller,
    key: AnswerKey,
    seenVersion: bigint,
    reply: FastifyReply,
    act: (key: AnswerKey, by: Acting) => Promise<void>,
  ): Promise<QuarantinedAnswerDetailDto> {
    const scope = await this.access.scope({ ...caller, personId }, ACTORS);
    await act(key, { personId, scope, seenVersion });
    return this.shown(key, scope, reply);
  }

  private async shown(
    key: AnswerKey,
    scope: readonly string[],
    reply: FastifyReply,
  ): Promise<QuarantinedAnswerDetailDto> {
    const answer = await this.answers.one(key, scope);
    if (!answer) throw new UnknownQuarantinedAnswerError();
    setEtag(reply, answer.version);
    return answer;
  }
}
