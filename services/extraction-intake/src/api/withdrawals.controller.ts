import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { ENGLAND } from '@attest/contracts';
import { refuseReason } from '@attest/errors';
import { ApiCreatedResponse, ApiOkResponse, ApiTags, cursorValues, Idempotent, toPage } from '@attest/http';
import { WithdrawFile, type WithdrawalPreview } from '../application/withdraw-file.js';
import { WithdrawalStore, type Withdrawal } from '../application/withdrawal-ports.js';
import {
  WithdrawalDto,
  WithdrawalPreviewDto,
  WithdrawalQuery,
  WithdrawalReasonDto,
  type WithdrawalPageDto,
} from './withdrawals.dto.js';

const READERS = ['EXTRACT_SUBMISSION', 'NATIONAL_OPERATOR'] as const;

/** Whatever was taken can be taken back: what stood before stands again. */
@ApiTags('extract files')
@Controller('extract-files/:fileId/withdrawal')
export class WithdrawalsController {
  constructor(
    private readonly access: Access,
    private readonly withdraw: WithdrawFile,
    private readonly store: WithdrawalStore,
  ) {}

  /** What withdrawing the file would change by now, in counts and names, and what was asked for already. */
  @Get()
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: WithdrawalPreviewDto })
  async preview(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Query() { limit, cursor }: WithdrawalQuery,
  ): Promise<WithdrawalPreviewDto> {
    await this.access.require(caller, READERS, ENGLAND);
    const preview = await this.withdraw.preview(fileId);
    const known = await this.store.find(fileId);
    const pages = pagesOf(preview);
    const after = cursorValues(cursor, 'name', 'date', 'name');
    const rest = after ? pages.filter((page) => compare(keyOf(page), after) > 0) : pages;
    const { items, nextCursor } = toPage(rest, limit, keyOf, (page) => page);
    return {
      fileId,
      withdrawal: known?.withdrawal ?? null,
      history: known?.steps ?? [],
      needsSecondPerson: preview.needsSecondPerson,
      periods: preview.effects.map(({ serviceCode, achievementDate, standing, changed, emptied }) => ({
        serviceCode,
        achievementDate,
        standing,
        changed,
        emptied,
      })),
      items,
      nextCursor,
    };
  }

  /** Withdraws it at once, or asks another person where it would change many pages. */
  @Post()
  @Idempotent()
  @RequiresRole(...READERS)
  @ApiCreatedResponse({ type: WithdrawalDto })
  async ask(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Body() { reason }: WithdrawalReasonDto,
  ): Promise<Withdrawal> {
    await this.access.require(caller, READERS, ENGLAND);
    return this.withdraw.ask(fileId, caller.personId, refuseReason(reason));
  }

  /** By another person than the one who asked. */
  @Post('confirm')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: WithdrawalDto })
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
  ): Promise<Withdrawal> {
    await this.access.require(caller, READERS, ENGLAND);
    return this.withdraw.confirm(fileId, caller.personId);
  }

  /** Nothing is withdrawn, and it may be asked for anew. */
  @Post('drop')
  @HttpCode(200)
  @Idempotent()
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: WithdrawalDto })
  async drop(
    @CurrentCaller() caller: Caller,
    @Param('fileId', ParseUUIDPipe) fileId: string,
    @Body() { reason }: WithdrawalReasonDto,
  ): Promise<Withdrawal> {
    await this.access.require(caller, READERS, ENGLAND);
    return this.withdraw.drop(fileId, caller.personId, refuseReason(reason));
  }
}

const pagesOf = ({ effects }: WithdrawalPreview): WithdrawalPageDto[] =>
  effects
    .flatMap(({ serviceCode, achievementDate, pages }) =>
      pages.map(({ practiceCode, practiceName, becomes }) => ({
        serviceCode,
        achievementDate,
        practiceCode,
        practiceName,
        becomes,
      })),
    )
    .sort((a, b) => compare(keyOf(a), keyOf(b)));

const keyOf = (page: WithdrawalPageDto) => [page.serviceCode, page.achievementDate, page.practiceCode];

function compare(a: readonly string[], b: readonly string[]): number {
  const place = a.findIndex((text, i) => text !== b[i]);
  return place < 0 ? 0 : a[place]! < b[place]! ? -1 : 1;
}
