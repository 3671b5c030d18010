import { Module } from '@nestjs/common';
import { ContactsController } from './api/contacts.controller.js';
import { MessagesController } from './api/messages.controller.js';
import { TasksController } from './api/tasks.controller.js';
import { Mailer, MailStore, MessageQueries, MessageStore } from './application/ports.js';
import { SendMail } from './application/send-mail.js';
import { TellMembership } from './application/tell-membership.js';
import { TellPeople } from './application/tell-people.js';
import { DeclarationsConsumer } from './messaging/declarations.consumer.js';
import { MembershipsConsumer } from './messaging/memberships.consumer.js';
import { PgMailStore } from './persistence/mail.store.js';
import { PgMessageQueries } from './persistence/message.queries.js';
import { PgMessageStore } from './persistence/message.store.js';
import { SmtpMailer } from './persistence/smtp.mailer.js';

@Module({
  controllers: [
    MessagesController,
    TasksController,
    ContactsController,
    DeclarationsConsumer,
    MembershipsConsumer,
  ],
  providers: [
    TellPeople,
    TellMembership,
    SendMail,
    { provide: MessageStore, useClass: PgMessageStore },
    { provide: MessageQueries, useClass: PgMessageQueries },
    { provide: MailStore, useClass: PgMailStore },
    { provide: Mailer, useClass: SmtpMailer },
  ],
})
export class AppModule {}
