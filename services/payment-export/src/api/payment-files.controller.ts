import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import type { PaymentFileManifest } from '@attest/contracts';
import type { Page } from '@attest/http';
import type { FastifyReply } from 'fastify';
import { FileStore } from '../application/ports.js';
import { PaymentQueries, type FileView } from '../application/queries.js';
import { UnknownPaymentFileError } from '../domain/payment.errors.js';
import { ListFilesQuery } from './payments.dto.js';

const READERS = ['PAYMENT_AGENCY'] as const;

/** An agency pulls its own files; nobody else's are there for it. */
@ApiTags('payment files')
@Controller('payment-files')
export class PaymentFilesController {
  constructor(
    private readonly access: Access,
    private readonly payments: PaymentQueries,
    private readonly store: FileStore,
  ) {}

  @Get()
  @RequiresRole(...READERS)
  async list(@CurrentCaller() caller: Caller, @Query() query: ListFilesQuery): Promise<Page<FileView>> {
    return this.payments.files(await this.access.scope(caller, READERS), query);
  }

  /** The file's bytes; its ETag is their SHA-256. */
  @Get(':fileName')
  @RequiresRole(...READERS)
  @ApiProduces('text/csv')
  async bytes(
    @CurrentCaller() caller: Caller,
    @Param('fileName') fileName: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.mine(caller, fileName);
    const bytes = await this.store.read(file.fileName);
    await reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${file.fileName}"`)
      .header('etag', `"${file.sha256}"`)
      .send(bytes);
  }

  /** Control totals, SHA-256 and pay date. */
  @Get(':fileName/manifest')
  @RequiresRole(...READERS)
  async manifest(
    @CurrentCaller() caller: Caller,
    @Param('fileName') fileName: string,
  ): Promise<PaymentFileManifest> {
    const file = await this.mine(caller, fileName);
    return JSON.parse(
      (await this.store.read(`${file.fileName}.manifest.json`)).toString('utf8'),
    ) as PaymentFileManifest;
  }

  private async mine(caller: Caller, fileName: string): Promise<FileView> {
    const file = await this.payments.file(fileName);
    const agencies = file ? await this.access.scope(caller, READERS) : [];
    if (!file || !agencies.includes(file.agencyCode)) throw new UnknownPaymentFileError(fileName);
    return file;
  }
}
