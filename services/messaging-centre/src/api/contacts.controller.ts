import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { APPROVAL_ROLES, READING_ROLES } from '@attest/contracts';
import { ApiOkResponse, ApiTags, Idempotent } from '@attest/http';
import { MailStore } from '../application/ports.js';
import { TooManyContactsError } from '../domain/message.errors.js';
import { AddContactDto, ContactDto, ContactsView, ForOrganisationDto } from './message.dto.js';

@ApiTags('contacts')
@Controller('contacts')
export class ContactsController {
  constructor(
    private readonly access: Access,
    private readonly mails: MailStore,
  ) {}

  /** Where an organisation's messages are mailed, and which kinds of them. */
  @Get()
  @ApiOkResponse({ type: ContactsView })
  @RequiresRole(...READING_ROLES)
  async list(@CurrentCaller() caller: Caller, @Query() query: ForOrganisationDto): Promise<ContactsView> {
    await this.access.require(caller, READING_ROLES, query.organisationCode);
    return { items: await this.mails.contacts(query.organisationCode) };
  }

  /** Adds an address, or says anew which kinds of messages it wants. */
  @Post()
  @HttpCode(204)
  @Idempotent()
  @RequiresRole('DECLARATION_MANAGEMENT', ...APPROVAL_ROLES, 'ORGANISATION_ADMINISTRATION')
  async add(@CurrentCaller() caller: Caller, @Body() body: AddContactDto): Promise<void> {
    await this.requireEditor(caller, body.organisationCode);
    const { email, kinds = null } = body;
    if (!(await this.mails.addContact(body.organisationCode, { email, kinds }, caller.personId)))
      throw new TooManyContactsError(body.organisationCode);
  }

  @Post('removals')
  @HttpCode(204)
  @Idempotent()
  @RequiresRole('DECLARATION_MANAGEMENT', ...APPROVAL_ROLES, 'ORGANISATION_ADMINISTRATION')
  async remove(@CurrentCaller() caller: Caller, @Body() body: ContactDto): Promise<void> {
    await this.requireEditor(caller, body.organisationCode);
    await this.mails.removeContact(body.organisationCode, body.email);
  }

  private requireEditor(caller: Caller, organisationCode: string): Promise<void> {
    return this.access.require(
      caller,
      ['DECLARATION_MANAGEMENT', ...APPROVAL_ROLES, 'ORGANISATION_ADMINISTRATION'],
      organisationCode,
    );
  }
}
