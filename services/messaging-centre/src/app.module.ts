import { Module } from '@nestjs/common';
import { ContactsController } from './api/contacts.controller.js';
import { MessagesController } from './api/messages.controller.js';
import { TasksController } from './api/tasks.controller.js';
import { GatherDigests } from './application/gather-digests.js';
import {
  CalendarStore,
  DigestStore,
  Mailer,
  MailStore,
  MessageQueries,
  MessageStore,
  ReadyStore,
} from './application/ports.js';
import { RemindOfDeadlines } from './application/remind-of-deadlines.js';
import { SendMail } from './application/send-mail.js';
import { TellMembership } from './application/tell-membership.js';
import { TellPayee } from './application/tell-payee.js';
import { TellPeople } from './application/tell-people.js';
import { TellWhatIsReady } from './application/tell-what-is-ready.js';
import { DeclarationsConsumer } from './messaging/declarations.consumer.js';
import { MembershipsConsumer } from './messaging/memberships.consumer.js';
import { PayeesConsumer } from './messaging/payees.consumer.js';
import { PeriodsConsumer } from './messaging/periods.consumer.js';
import { QualityServicesConsumer } from './messaging/quality-services.consumer.js';
import { PgCalendarStore } from './persistence/calendar.store.js';
import { PgDigestStore } from './persistence/digest.store.js';
import { PgMailStore } from './persistence/mail.store.js';
import { PgMessageQueries } from './persistence/message.queries.js';
import { PgMessageStore } from './persistence/message.store.js';
import { PgReadyStore } from './persistence/ready.store.js';
import { SmtpMailer } from './persistence/smtp.mailer.js';

@Module({
  controllers: [
    MessagesController,
    TasksController,
    ContactsController,
    DeclarationsConsumer,
    MembershipsConsumer,
    PayeesConsumer,
    PeriodsConsumer,
    QualityServicesConsumer,
  ],
  providers: [
    TellPeople,
    TellMembership,
    TellPayee,
    TellWhatIsReady,
    SendMail,
    GatherDigests,
    RemindOfDeadlines,
    { provide: CalendarStore, useClass: PgCalendarStore },
    { provide: DigestStore, useClass: PgDigestStore },
    { provide: MessageStore, useClass: PgMessageStore },
    { provide: MessageQueries, useClass: PgMessageQueries },
    { provide: ReadyStore, useClass: PgReadyStore },
    { provide: MailStore, useClass: PgMailStore },
    { provide: Mailer, useClass: SmtpMailer },
  ],
})
export class AppModule {}
