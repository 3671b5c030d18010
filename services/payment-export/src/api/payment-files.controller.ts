import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ApiBearerAuth, ApiOkResponse, ApiProduces, ApiTags, type Page, pageOf } from '@attest/http';
import type { FastifyReply } from 'fastify';
import { FileStore } from '../application/ports.js';
import { PaymentQueries, type FileView } from '../application/queries.js';
import { SealedFileDiffersError, UnknownPaymentFileError } from '../domain/payment.errors.js';
import { sha256Of } from '../domain/payment-file.js';
import { FileDto, ManifestDto } from './payment-views.dto.js';
import { ListFilesQuery } from './payments.dto.js';

const READERS = ['PAYMENT_AGENCY'] as const;

/** An agency pulls its own files; nobody else's are there for it. */
@ApiTags('payment files')
@ApiBearerAuth()
@RequiresRole(...READERS)
@Controller('payment-files')
export class PaymentFilesController {
  constructor(
    private readonly access: Access,
    private readonly payments: PaymentQueries,
    private readonly store: FileStore,
  ) {}

  /** Newest first. */
  @Get()
  @ApiOkResponse({ type: pageOf(FileDto) })
  async list(@CurrentCaller() caller: Caller, @Query() query: ListFilesQuery): Promise<Page<FileDto>> {
    return this.payments.files(await this.access.scope(caller, READERS), query);
  }

  /** The file's bytes; its ETag is their SHA-256. */
  @Get(':fileName')
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async bytes(
    @CurrentCaller() caller: Caller,
    @Param('fileName') fileName: string,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.mine(caller, fileName);
    const etag = `"${file.sha256}"`;
    if (known?.includes(etag)) return void (await reply.code(304).header('etag', etag).send());
    const bytes = await this.store.read(file.fileName);
    // Nobody is paid by bytes that are not those that were sealed.
    if (sha256Of(bytes) !== file.sha256) throw new SealedFileDiffersError(file.fileName);
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${file.fileName}"`)
      .header('etag', etag)
      .send(bytes);
  }

  /** Control totals, SHA-256 and pay date. */
  @Get(':fileName/manifest')
  @ApiOkResponse({ type: ManifestDto })
  async manifest(@CurrentCaller() caller: Caller, @Param('fileName') fileName: string): Promise<ManifestDto> {
    const file = await this.mine(caller, fileName);
    const bytes = await this.store.read(`${file.fileName}.manifest.json`);
    return JSON.parse(bytes.toString('utf8')) as ManifestDto;
  }

  private async mine(caller: Caller, fileName: string): Promise<FileView> {
    const file = await this.payments.file(fileName);
    const agencies = file ? await this.access.scope(caller, READERS) : [];
    if (!file || !agencies.includes(file.agencyCode)) throw new UnknownPaymentFileError(fileName);
    return file;
  }
}
