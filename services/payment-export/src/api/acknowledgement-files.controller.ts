import { Controller, Get, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiTags,
  FileBody,
  Idempotent,
  type Page,
  TakesFile,
  type UploadedFile,
  pageOf,
  unpacked,
} from '@attest/http';
import { PaymentQueries, type AcknowledgementView } from '../application/queries.js';
import { TakeAcknowledgements } from '../application/take-acknowledgements.js';
import { PaymentExportSettings } from '../config/payment-export.settings.js';
import {
  AcknowledgementFileRefusedError,
  UnknownAcknowledgementFileError,
} from '../domain/payment.errors.js';
import {
  AcknowledgementLineDto,
  AcknowledgementReceiptDto,
  TakenAcknowledgementsDto,
} from './payment-views.dto.js';
import { AcknowledgementLinesQuery, SendAcknowledgementsQuery } from './payments.dto.js';

const AGENCY = ['PAYMENT_AGENCY'] as const;

@ApiTags('acknowledgement files')
@ApiBearerAuth()
@RequiresRole(...AGENCY)
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
  @ApiCreatedResponse({ type: TakenAcknowledgementsDto })
  async send(
    @CurrentCaller() caller: Caller,
    @Query() query: SendAcknowledgementsQuery,
    @FileBody() file: UploadedFile,
  ): Promise<TakenAcknowledgementsDto> {
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
  @ApiOkResponse({ type: AcknowledgementReceiptDto })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
  ): Promise<AcknowledgementReceiptDto> {
    return this.mine(caller, fileId);
  }

  /** What became of each line; those in quarantine with their text. */
  @Get(':fileId/lines')
  @ApiOkResponse({ type: pageOf(AcknowledgementLineDto) })
  async lines(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Query() query: AcknowledgementLinesQuery,
  ): Promise<Page<AcknowledgementLineDto>> {
    await this.mine(caller, fileId);
    return this.payments.acknowledgementLines(fileId, query);
  }

  private async agencyOf(caller: Caller, wanted: string | undefined): Promise<string> {
    if (wanted !== undefined) {
      await this.access.require(caller, AGENCY, wanted);
      return wanted;
    }
    const [only, ...more] = await this.access.scope(caller, AGENCY);
    if (only === undefined || more.length > 0) throw new AcknowledgementFileRefusedError('AGENCY_UNKNOWN');
    return only;
  }

  private async mine(caller: Caller, fileId: string): Promise<AcknowledgementView> {
    const file = await this.payments.acknowledgementFile(fileId);
    const agencies = file ? await this.access.scope(caller, AGENCY) : [];
    if (!file || !agencies.includes(file.agencyCode)) throw new UnknownAcknowledgementFileError(fileId);
    return file;
  }
}
