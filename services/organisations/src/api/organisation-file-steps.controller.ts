import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ENGLAND } from '@attest/contracts';
import {
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  Idempotent,
  type Page,
  PageQuery,
  cursorValues,
  pageOf,
  toPage,
} from '@attest/http';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { DecideOrganisationFile } from '../application/decide-organisation-file.js';
import { FILE_ROLES } from '../application/import-organisation-file.js';
import { Queries } from '../application/queries.js';
import { FileUnknownError } from '../domain/files/file.errors.js';
import { FileReasonDto } from './organisation.dto.js';
import { receiptOf } from './organisation-files.controller.js';
import { FileEffectDto, ReceiptDto, WithdrawalPreviewDto } from './organisation-views.dto.js';

/** What people do with a file after it was received. */
@ApiTags('organisation files')
@ApiBearerAuth()
@RequiresRole('NATIONAL_OPERATOR', 'ORGANISATION_ADMINISTRATION')
@Controller('organisation-files/:fileId')
export class OrganisationFileStepsController {
  constructor(
    private readonly access: Access,
    private readonly decide: DecideOrganisationFile,
    private readonly queries: Queries,
  ) {}

  @Get('effects')
  @ApiOperation({ summary: 'What the file did or, while it waits, would do, by name' })
  @ApiOkResponse({ type: pageOf(FileEffectDto) })
  async effects(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Query() query: PageQuery,
  ): Promise<Page<FileEffectDto>> {
    await this.access.require(caller, FILE_ROLES, ENGLAND);
    if (!(await this.queries.file(fileId))) throw new FileUnknownError(fileId);
    const after = cursorValues(query.cursor, 'number');
    const found = await this.queries.effects(fileId, { after, limit: query.limit + 1 });
    return toPage(
      found,
      query.limit,
      ({ place }) => [place],
      ({ place: _, ...effect }) => effect,
    );
  }

  @Post('confirm')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary: 'A second person confirms what waits: the file, or its withdrawal',
    description:
      'What it would do is computed again; where that differs from what was shown, nothing is done and the new effects are shown instead.',
  })
  @ApiOkResponse({ type: ReceiptDto })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
  ): Promise<ReceiptDto> {
    return receiptOf(await this.decide.confirm(caller, fileId), false);
  }

  @Get('withdrawal')
  @ApiOperation({ summary: 'What withdrawing the file now would do; nothing is changed' })
  @ApiOkResponse({ type: WithdrawalPreviewDto })
  async preview(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Query() query: PageQuery,
  ): Promise<WithdrawalPreviewDto> {
    const { effect, needsSecondPerson } = await this.decide.preview(caller, fileId);
    const after = cursorValues(query.cursor, 'number');
    const from = after ? Number(after[0]) + 1 : 0;
    const placed = effect.touched.map((one, place) => ({ ...one, place }));
    const page = toPage(
      placed.slice(from, from + query.limit + 1),
      query.limit,
      ({ place }) => [place],
      ({ place: _, ...one }) => one,
    );
    return { needsSecondPerson, effect: effect.counts, ...page };
  }

  @Post('withdraw')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary: 'Withdraw the file: what stood before it stands again',
    description:
      'Where that would change more than the share, the file waits as AWAITING_WITHDRAWAL for a second person and counts until then.',
  })
  @ApiOkResponse({ type: ReceiptDto })
  async withdraw(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Body() { reason }: FileReasonDto,
  ): Promise<ReceiptDto> {
    return receiptOf(await this.decide.withdraw(caller, fileId, reason), false);
  }

  @Post('keep')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Take back that the file should be withdrawn' })
  @ApiOkResponse({ type: ReceiptDto })
  async keep(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Body() { reason }: FileReasonDto,
  ): Promise<ReceiptDto> {
    return receiptOf(await this.decide.keep(caller, fileId, reason), false);
  }
}
