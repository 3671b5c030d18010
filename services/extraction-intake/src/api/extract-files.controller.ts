import {
  Controller,
  Get,
  Headers,
  Param,
  ParseUUIDPipe,
  Post,
  Query,
  Res,
  StreamableFile,
} from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ENGLAND } from '@attest/contracts';
import {
  ApiCreatedResponse,
  ApiOkResponse,
  ApiProduces,
  ApiTags,
  FileBody,
  Idempotent,
  type Page,
  TakesFile,
  type UploadedFile,
  pageOf,
  toCsv,
  wantsCsv,
} from '@attest/http';
import type { FastifyReply } from 'fastify';
import { ExtractFileStore, OriginalFiles } from '../application/ports.js';
import { ReadAgain } from '../application/read-again.js';
import { ReceiveExtractFile } from '../application/receive-extract-file.js';
import type { ExtractFileView, RejectedRowView } from '../application/views.js';
import {
  ExtractFileUnknownError,
  FileNotTakenError,
  LayoutParametersError,
} from '../domain/extract-file.errors.js';
import {
  ExtractFileDto,
  ListExtractFilesQuery,
  ReceiptDto,
  ReceiveExtractFileQuery,
  RejectedRowDto,
  RejectedRowsQuery,
} from './extract-files.dto.js';

const READERS = ['EXTRACT_SUBMISSION', 'NATIONAL_OPERATOR'] as const;

/** Files hold all of England's practices, so whoever sends or reads them holds the role for England. */
@ApiTags('extract files')
@Controller('extract-files')
export class ExtractFilesController {
  constructor(
    private readonly access: Access,
    private readonly receive: ReceiveExtractFile,
    private readonly readAgain: ReadAgain,
    private readonly originals: OriginalFiles,
    private readonly files: ExtractFileStore,
  ) {}

  /** Takes an extract file, raw or gzip. Columns are found by name. What cannot be taken is kept and told row by row. */
  @Post()
  @Idempotent()
  @TakesFile()
  @RequiresRole('EXTRACT_SUBMISSION')
  @ApiCreatedResponse({ type: ReceiptDto })
  async send(
    @CurrentCaller() caller: Caller,
    @Query() query: ReceiveExtractFileQuery,
    @FileBody() file: UploadedFile,
  ): Promise<ExtractFileView & { repeated: boolean }> {
    await this.access.require(caller, ['EXTRACT_SUBMISSION'], ENGLAND);
    const { layout, fileName, serviceCode = null, achievementDate = null } = query;
    if (layout === 'qof-long' && (serviceCode === null || achievementDate === null))
      throw new LayoutParametersError(
        'The rows of a qof-long file do not say their service and date. Send serviceCode and achievementDate.',
      );
    if (layout === 'cqrs' && (serviceCode !== null || achievementDate !== null))
      throw new LayoutParametersError(
        'Each row of a cqrs file says its service and date. Leave serviceCode and achievementDate out.',
      );
    const { receipt, repeated } = await this.receive.run({
      layout,
      fileName,
      serviceCode,
      achievementDate,
      personId: caller.personId,
      file,
    });
    return { ...receipt, repeated };
  }

  @Get()
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: pageOf(ExtractFileDto) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ListExtractFilesQuery,
  ): Promise<Page<ExtractFileView>> {
    await this.access.require(caller, READERS, ENGLAND);
    return this.files.list(query);
  }

  @Get(':fileId')
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: ExtractFileDto })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
  ): Promise<ExtractFileView> {
    await this.access.require(caller, READERS, ENGLAND);
    return this.known(fileId);
  }

  /** Reads the kept original once more: what was rejected for something that has become known since is taken now. */
  @Post(':fileId/read-again')
  @Idempotent('late')
  @RequiresRole('EXTRACT_SUBMISSION')
  @ApiCreatedResponse({ type: ExtractFileDto })
  async again(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
  ): Promise<ExtractFileView> {
    await this.access.require(caller, ['EXTRACT_SUBMISSION'], ENGLAND);
    return this.readAgain.run(fileId, caller.personId);
  }

  /** The bytes as they were received. */
  @Get(':fileId/original')
  @RequiresRole(...READERS)
  @ApiProduces('text/csv', 'application/gzip')
  async original(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
  ): Promise<StreamableFile> {
    await this.access.require(caller, READERS, ENGLAND);
    const file = await this.known(fileId);
    if (file.sha256 === null) throw new FileNotTakenError(fileId);
    return new StreamableFile(await this.originals.open(file.sha256), {
      type: file.gzip ? 'application/gzip' : 'text/csv',
      disposition: `attachment; filename="${file.sha256}${file.gzip ? '.csv.gz' : '.csv'}"`,
    });
  }

  /** Rows that were not taken, in the order of the file; also as CSV. */
  @Get(':fileId/rejected-rows')
  @RequiresRole(...READERS)
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ type: pageOf(RejectedRowDto) })
  async rejectedRows(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Query() query: RejectedRowsQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<RejectedRowView> | string> {
    await this.access.require(caller, READERS, ENGLAND);
    await this.known(fileId);
    const page = await this.files.rejectedRows(fileId, query);
    if (!wantsCsv(accept)) return page;
    void reply.header('content-type', 'text/csv; charset=utf-8');
    if (page.nextCursor !== null) void reply.header('next-cursor', page.nextCursor);
    return toCsv<RejectedRowView>(
      [
        { header: 'line', value: (row) => row.line },
        { header: 'code', value: (row) => row.code },
        { header: 'reason', value: (row) => row.reason },
        { header: 'detail', value: (row) => row.detail },
        { header: 'text', value: (row) => row.text },
      ],
      page.items,
    );
  }

  private async known(fileId: string): Promise<ExtractFileView> {
    const file = await this.files.find(fileId);
    if (!file) throw new ExtractFileUnknownError(fileId);
    return file;
  }
}
