import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { READING_ROLES } from '@attest/contracts';
import { BusinessClock } from '@attest/calendar';
import {
  ApiOkResponse,
  ApiTags,
  Idempotent,
  type Page,
  PageQuery,
  cursorValues,
  pageOf,
  toPage,
} from '@attest/http';
import { MessageQueries, type StoredMessage } from '../application/ports.js';
import { UnknownMessageError } from '../domain/message.errors.js';
import { ListMessagesDto } from './message.dto.js';
import {
  lineViewOf,
  MessageDetailView,
  MessageLineView,
  MessageView,
  messageViewOf,
} from './message.view.js';

@ApiTags('messages')
@Controller('messages')
export class MessagesController {
  constructor(
    private readonly access: Access,
    private readonly messages: MessageQueries,
    private readonly clock: BusinessClock,
  ) {}

  /** What an organisation was told, newest first. */
  @Get()
  @ApiOkResponse({ type: pageOf(MessageView) })
  @RequiresRole(...READING_ROLES)
  async list(@CurrentCaller() caller: Caller, @Query() query: ListMessagesDto): Promise<Page<MessageView>> {
    await this.access.require(caller, READING_ROLES, query.organisationCode);
    const found = await this.messages.messages(query.organisationCode, {
      unread: query.unread === 'true',
      before: cursorValues(query.cursor, 'uuid')?.[0],
      limit: query.limit + 1,
    });
    return toPage(
      found,
      query.limit,
      (message) => [message.messageId],
      (message) => messageViewOf(message, this.clock.today()),
    );
  }

  /** One message, with who read it and where it was mailed, and when. */
  @Get(':messageId')
  @ApiOkResponse({ type: MessageDetailView })
  @RequiresRole(...READING_ROLES)
  async one(
    @CurrentCaller() caller: Caller,
    @Param('messageId', ParseUUIDPipe) messageId: string,
  ): Promise<MessageDetailView> {
    const message = await this.find(caller, messageId);
    const [readings, deliveries] = await Promise.all([
      this.messages.readings(messageId),
      this.messages.deliveries(messageId),
    ]);
    return { ...messageViewOf(message, this.clock.today()), readings, deliveries };
  }

  /** The declarations that a message gathers. */
  @Get(':messageId/lines')
  @ApiOkResponse({ type: pageOf(MessageLineView) })
  @RequiresRole(...READING_ROLES)
  async lines(
    @CurrentCaller() caller: Caller,
    @Param('messageId', ParseUUIDPipe) messageId: string,
    @Query() query: PageQuery,
  ): Promise<Page<MessageLineView>> {
    const told = await this.find(caller, messageId);
    const values = cursorValues(query.cursor, 'name', 'bigint');
    const after = values && ([values[0]!, BigInt(values[1]!)] as const);
    return toPage(
      await this.messages.lines(messageId, after, query.limit + 1),
      query.limit,
      (line) => [line.subjectId, line.lineVersion],
      (line) => lineViewOf(told, line),
    );
  }

  /** Marks it read, by whom and when, which is kept; a digest that grows afterwards is unread again. */
  @Post(':messageId/read')
  @HttpCode(204)
  @Idempotent()
  @RequiresRole(...READING_ROLES)
  async read(
    @CurrentCaller() caller: Caller,
    @Param('messageId', ParseUUIDPipe) messageId: string,
  ): Promise<void> {
    await this.find(caller, messageId);
    await this.messages.markRead(messageId, caller.personId, this.clock.now());
  }

  private async find(caller: Caller, messageId: string): Promise<StoredMessage> {
    const message = await this.messages.message(messageId);
    if (!message) throw new UnknownMessageError(messageId);
    const allowed = await this.access.allowed(caller, READING_ROLES, [message.organisationCode]);
    // The same answer as for one that is not there: its existence is nobody else's business.
    if (!allowed.has(message.organisationCode)) throw new UnknownMessageError(messageId);
    return message;
  }
}
