import { Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { FileBody, Idempotent, TakesFile, unpacked, type Page, type UploadedFile } from '@attest/http';
import type { AcknowledgementReceipt } from '../application/ports.js';
import {
  PaymentQueries,
  type AcknowledgementLineView,
  type AcknowledgementView,
} from '../application/queries.js';
import { TakeAcknowledgements } from '../application/take-acknowledgements.js';
import { PaymentExportSettings } from '../config/payment-export.settings.js';
import {
  AcknowledgementFileRefusedError,
  UnknownAcknowledgementFileError,
} from '../domain/payment.errors.js';
import { AcknowledgementLinesQuery, SendAcknowledgementsQuery } from './payments.dto.js';

const AGENCY = ['PAYMENT_AGENCY'] as const;

@ApiTags('acknowledgement files')
@Controller('acknowledgement-files')
export class AcknowledgementFilesController {
  constructor(
    private readonly access: Access,
    private readonly take: TakeAcknowledgements,
    private readonly payments: PaymentQueries,
    private readonly settings: PaymentExportSettings,
  ) {}

  /** Takes the agency's answers line by line. The same file again changes nothing and gets the same receipt. */
  @Post()
  @Idempotent()
  @TakesFile()
  @RequiresRole(...AGENCY)
  async send(
    @CurrentCaller() caller: Caller,
    @Query() query: SendAcknowledgementsQuery,
    @FileBody() file: UploadedFile,
  ): Promise<AcknowledgementReceipt & { repeatedFile: boolean }> {
    const agencyCode = await this.agencyOf(caller, query.agencyCode);
    const chunks: Buffer[] = [];
    for await (const chunk of unpacked(file, this.settings.ACKNOWLEDGEMENT_FILE_MOST_BYTES))
      chunks.push(chunk as Buffer);
    return this.take.run({
      agencyCode,
      fileName: query.fileName,
      personId: caller.personId,
      bytes: Buffer.concat(chunks),
    });
  }

  @Get(':fileId')
  @RequiresRole(...AGENCY)
  async one(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
  ): Promise<AcknowledgementView> {
    return this.mine(caller, fileId);
  }

  /** What became of each line; those in quarantine with their text. */
  @Get(':fileId/lines')
  @RequiresRole(...AGENCY)
  async lines(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Query() query: AcknowledgementLinesQuery,
  ): Promise<Page<AcknowledgementLineView>> {
    await this.mine(caller, fileId);
    return this.payments.acknowledgementLines(fileId, query);
  }

  private async agencyOf(caller: Caller, wanted: string | undefined): Promise<string> {
    const agencies = await this.access.scope(caller, AGENCY);
    const [only] = wanted === undefined ? agencies : agencies.filter((code) => code === wanted);
    if (only === undefined || (wanted === undefined && agencies.length > 1))
      throw new AcknowledgementFileRefusedError('AGENCY_UNKNOWN');
    return only;
  }

  private async mine(caller: Caller, fileId: string): Promise<AcknowledgementView> {
    const file = await this.payments.acknowledgementFile(fileId);
    const agencies = file ? await this.access.scope(caller, AGENCY) : [];
    if (!file || !agencies.includes(file.agencyCode)) throw new UnknownAcknowledgementFileError(fileId);
    return file;
  }
}
