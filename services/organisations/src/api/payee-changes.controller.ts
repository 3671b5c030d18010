import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  Idempotent,
  type Page,
  cursorValues,
  pageOf,
  toPage,
} from '@attest/http';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ChangePayee, PAYEE_ROLES } from '../application/change-payee.js';
import { Queries } from '../application/queries.js';
import { PayeeChangeDto, PayeeChangesQuery } from './organisation.dto.js';
import { PayeeChangeView } from './organisation-views.dto.js';

@ApiTags('payees')
@ApiBearerAuth()
@RequiresRole('ORGANISATION_ADMINISTRATION')
@Controller('payee-changes')
export class PayeeChangesController {
  constructor(
    private readonly access: Access,
    private readonly changePayee: ChangePayee,
    private readonly queries: Queries,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Changes of payees in the organisations that you administer, newest first' })
  @ApiOkResponse({ type: pageOf(PayeeChangeView) })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: PayeeChangesQuery,
  ): Promise<Page<PayeeChangeView>> {
    const scope = await this.access.scope(caller, PAYEE_ROLES);
    const after = cursorValues(query.cursor, 'uuid');
    const found = await this.queries.payeeChanges(scope, query, { after, limit: query.limit + 1 });
    return toPage(
      found,
      query.limit,
      ({ changeId }) => [changeId],
      (change) => change,
    );
  }

  @Post()
  @Idempotent()
  @ApiOperation({
    summary: 'Propose who is paid for a provider, such as the successor of a practice that merged',
    description:
      'Nothing changes until another person who administers the commissioner confirms it; then each release run that has not instructed the payment yet names the new payee.',
  })
  @ApiCreatedResponse({ type: PayeeChangeView })
  propose(@CurrentCaller() caller: Caller, @Body() body: PayeeChangeDto): Promise<PayeeChangeView> {
    const { providerCode, payeeCode, payeeName, accountReference, reason } = body;
    return this.changePayee.propose(caller, {
      providerCode,
      payee: { payeeCode, payeeName, accountReference },
      reason,
    });
  }

  @Post(':changeId/confirm')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'The second person confirms it; the provider is told' })
  @ApiOkResponse({ type: PayeeChangeView })
  confirm(
    @CurrentCaller() caller: Caller,
    @Param('changeId', ParseUUIDPipe) changeId: string,
  ): Promise<PayeeChangeView> {
    return this.changePayee.confirm(caller, changeId);
  }

  @Post(':changeId/withdraw')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Take a proposal back before it is confirmed' })
  @ApiOkResponse({ type: PayeeChangeView })
  withdraw(
    @CurrentCaller() caller: Caller,
    @Param('changeId', ParseUUIDPipe) changeId: string,
  ): Promise<PayeeChangeView> {
    return this.changePayee.withdraw(caller, changeId);
  }
}
