import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES } from '@attest/contracts';
import { ApiBearerAuth, ApiOkResponse, ApiTags, PageQuery } from '@attest/http';
import { PaymentQueries } from '../application/queries.js';
import { UnknownAccountError } from '../domain/payment.errors.js';
import { AccountDto } from './payment-views.dto.js';

const READERS = [
  'VIEW',
  'DECLARATION_MANAGEMENT',
  ...APPROVAL_ROLES,
  'FINANCE_MANAGEMENT',
  'NATIONAL_OPERATOR',
] as const;

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('accounts')
export class AccountsController {
  constructor(
    private readonly access: Access,
    private readonly payments: PaymentQueries,
  ) {}

  /** What a provider is owed for a service, and every entry that led to it. */
  @Get(':providerCode/:serviceCode')
  @RequiresRole(...READERS)
  @ApiOkResponse({ type: AccountDto })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('providerCode') providerCode: string,
    @Param('serviceCode') serviceCode: string,
    @Query() query: PageQuery,
  ): Promise<AccountDto> {
    const unknown = (): UnknownAccountError => new UnknownAccountError(providerCode, serviceCode);
    await this.access.require(caller, READERS, providerCode, unknown);
    const account = await this.payments.account(providerCode, serviceCode, query);
    if (!account) throw unknown();
    return account;
  }
}
