import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { parseLondonDate } from '@attest/calendar';
import { ENGLAND } from '@attest/contracts';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  FileBody,
  Idempotent,
  type Page,
  PageQuery,
  TakesFile,
  type UploadedFile,
  cursorValues,
  pageOf,
  toPage,
  unpacked,
} from '@attest/http';
import { Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { FILE_ROLES, ImportOrganisationFile } from '../application/import-organisation-file.js';
import { Limits, type KeptFile } from '../application/ports.js';
import { Queries } from '../application/queries.js';
import { FileUnknownError } from '../domain/files/file.errors.js';
import { FileQuery, FilesQuery } from './organisation.dto.js';
import { ReceiptDto, RejectedRowDto } from './organisation-views.dto.js';

@ApiTags('organisation files')
@ApiBearerAuth()
@RequiresRole('NATIONAL_OPERATOR', 'ORGANISATION_ADMINISTRATION')
@Controller('organisation-files')
export class OrganisationFilesController {
  constructor(
    private readonly access: Access,
    private readonly limits: Limits,
    private readonly importFile: ImportOrganisationFile,
    private readonly queries: Queries,
  ) {}

  @Post()
  @Idempotent()
  @TakesFile()
  @ApiOperation({
    summary: 'Take one published file; the same file twice changes nothing',
    description:
      'A file that would close, move or expel more than a share of what stands on its date is kept as AWAITING_CONFIRMATION and changes nothing until a second person confirms it.',
  })
  @ApiCreatedResponse({ type: ReceiptDto })
  async take(
    @CurrentCaller() caller: Caller,
    @Query() { layout, asAt, fileName }: FileQuery,
    @FileBody() file: UploadedFile,
  ): Promise<ReceiptDto> {
    const chunks = unpacked(file, this.limits.fileMaxBytes) as AsyncIterable<Buffer>;
    const receipt = await this.importFile.run(caller, {
      layout,
      asAt: parseLondonDate(asAt),
      fileName,
      chunks,
    });
    return receiptOf(receipt.file, receipt.repeated);
  }

  @Get()
  @ApiOperation({ summary: 'Files received, newest first' })
  @ApiOkResponse({ type: pageOf(ReceiptDto) })
  async list(@CurrentCaller() caller: Caller, @Query() query: FilesQuery): Promise<Page<ReceiptDto>> {
    await this.access.require(caller, FILE_ROLES, ENGLAND);
    const after = cursorValues(query.cursor, 'uuid');
    const files = await this.queries.files(query, { after, limit: query.limit + 1 });
    return toPage(
      files,
      query.limit,
      (file) => [file.fileId],
      (file) => receiptOf(file, false),
    );
  }

  @Get(':fileId')
  @ApiOperation({ summary: 'The receipt of one file' })
  @ApiOkResponse({ type: ReceiptDto })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
  ): Promise<ReceiptDto> {
    await this.access.require(caller, FILE_ROLES, ENGLAND);
    return receiptOf(await this.known(fileId), false);
  }

  @Get(':fileId/rejected-rows')
  @ApiOperation({ summary: 'Rows that were not taken, with line, code, reason and original text' })
  @ApiOkResponse({ type: pageOf(RejectedRowDto) })
  async rejected(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Query() query: PageQuery,
  ): Promise<Page<RejectedRowDto>> {
    await this.access.require(caller, FILE_ROLES, ENGLAND);
    await this.known(fileId);
    const after = cursorValues(query.cursor, 'number');
    const rows = await this.queries.rejectedRows(fileId, { after, limit: query.limit + 1 });
    return toPage(
      rows,
      query.limit,
      (row) => [row.line],
      (row) => row,
    );
  }

  private async known(fileId: string): Promise<KeptFile> {
    const file = await this.queries.file(fileId);
    if (!file) throw new FileUnknownError(fileId);
    return file;
  }
}

/** A repeat changed nothing, whatever the first time did. */
export const receiptOf = (file: KeptFile, repeated: boolean): ReceiptDto => ({
  ...file,
  sha256: file.sha256.toString('hex'),
  changed: repeated ? 0 : file.changed,
  repeated,
});
