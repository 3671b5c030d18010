import type { LondonDate } from '@attest/calendar';
import type { DeclarationState, QualityService } from '@attest/contracts';
import type { CalendarEntryKey, Tx } from '@attest/persistence';
import type { Deadline, DeadlineStep } from '../domain/deadline.js';
import type { MessageKind, Notice } from '../domain/notice.js';
import type { OpenTask, TaskKind } from '../domain/task.js';

export type DeclarationKind = DeclarationState['kind'];

export interface TaskChange {
  readonly declarationId: string;
  readonly revision: bigint;
  readonly task: OpenTask | null;
  readonly declarationKind: DeclarationKind;
  readonly paymentPeriod: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly providerCode: string;
  readonly pence: bigint;
  readonly since: string;
}

export abstract class MessageStore {
  /** Writes lines, once each; `gather` makes their digests. */
  abstract add(tx: Tx, notices: readonly Notice[], at: Date): Promise<void>;
  abstract changeTasks(tx: Tx, changes: readonly TaskChange[]): Promise<void>;
}

/** Of what was to be declared, what still is; kinds that ask for nothing to be declared have none. */
export interface StillOpen {
  readonly lines: number;
  readonly pence: bigint;
  /** The deadlines of what is open, which one digest may have several of; null where no calendar names one. */
  readonly firstDeadlineOn: LondonDate | null;
  readonly lastDeadlineOn: LondonDate | null;
}

export interface StoredMessage {
  readonly messageId: string;
  readonly kind: MessageKind;
  readonly organisationCode: string;
  readonly bucket: string;
  /** How often something was told. */
  readonly lines: number;
  /** How many declarations, or what else it is about, that was told of: one that was reopened twice is one. */
  readonly subjectCount: number;
  /** Of each its newest line, and before that its oldest. */
  readonly pence: bigint;
  readonly previousPence: bigint | null;
  /** The one thing that all its lines are about; null when there are several. */
  readonly subjectId: string | null;
  /** The reason and code that all have by their newest line; null when they differ. */
  readonly reason: string | null;
  readonly code: string | null;
  readonly open: StillOpen | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly readAt: Date | null;
  readonly readBy: string | null;
  /** When a mail of it was last delivered. */
  readonly mailedAt: Date | null;
}

/** One person's look at a message; a digest that grew is read again. */
export interface StoredReading {
  readonly personId: string;
  readonly lines: number;
  readonly readAt: Date;
}

/** One mail of a message to one address. */
export interface StoredDelivery {
  readonly email: string;
  readonly attempts: number;
  readonly deliveredAt: Date | null;
  readonly lastErrorCode: string | null;
}

export interface StoredTask {
  readonly declarationId: string;
  readonly kind: TaskKind;
  readonly declarationKind: DeclarationKind;
  readonly organisationCode: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly providerCode: string;
  readonly pence: bigint;
  readonly since: Date;
  /** Of an achievement that is to be declared; null for anything else, which has none. */
  readonly deadlineOn: string | null;
}

export interface StoredLine {
  readonly subjectId: string;
  readonly lineVersion: bigint;
  readonly serviceCode: string | null;
  readonly achievementDate: string | null;
  readonly providerCode: string;
  readonly pence: bigint | null;
  readonly previousPence: bigint | null;
  readonly code: string | null;
  readonly reason: string | null;
}

export abstract class MessageQueries {
  abstract messages(
    organisationCode: string,
    filter: { unread: boolean; before: string | undefined; limit: number },
  ): Promise<StoredMessage[]>;
  abstract message(messageId: string): Promise<StoredMessage | undefined>;
  abstract lines(
    messageId: string,
    after: readonly [string, bigint] | undefined,
    limit: number,
  ): Promise<StoredLine[]>;
  /** What it can do on that day: what may not be declared yet, or is frozen, is no task. */
  abstract tasks(
    organisationCode: string,
    today: LondonDate,
    after: string | undefined,
    limit: number,
  ): Promise<StoredTask[]>;
  abstract markRead(messageId: string, personId: string, at: Date): Promise<void>;
  /** Newest first. */
  abstract readings(messageId: string): Promise<StoredReading[]>;
  abstract deliveries(messageId: string): Promise<StoredDelivery[]>;
}

/** Declarations whose provider is to be told when it may declare them. */
export abstract class ReadyStore {
  abstract remember(tx: Tx, opened: readonly Opening[]): Promise<void>;
  /** They were declared or have ended: there is nothing to tell any more. */
  abstract forget(tx: Tx, declarationIds: readonly string[]): Promise<void>;
  /**
   * Writes a line for each that may be declared on that day and has a provider who can, once.
   * @returns how many, at most `most`
   */
  abstract tell(today: LondonDate, at: Date, most: number): Promise<number>;
}

export interface Opening {
  readonly declarationId: string;
  readonly revision: number;
  readonly serviceCode: string;
  readonly achievementDate: string;
}

/** Makes digests of the lines that came since it ran last; a digest that grows is unread again. */
export abstract class DigestStore {
  abstract gather(): Promise<void>;
}

export interface CalendarDeadline extends Deadline {
  readonly serviceCode: string;
  readonly achievementDate: LondonDate;
}

export interface DueReminder extends CalendarDeadline {
  readonly step: DeadlineStep;
}

/** A period that was frozen, or thawed again. */
export interface PeriodFreeze {
  readonly freezeId: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly scopeCode: string;
  readonly version: number;
  readonly frozen: boolean;
  /** In place of the calendar's. */
  readonly providerDeadlineOn: string | null;
}

export abstract class CalendarStore {
  /** Keeps the calendar of the newest version of each service; answers the entries that stay although they are published no more. */
  abstract record(
    tx: Tx,
    published: readonly { service: QualityService; serviceVersion: number }[],
  ): Promise<readonly CalendarEntryKey[]>;
  abstract recordFreezes(tx: Tx, freezes: readonly PeriodFreeze[]): Promise<void>;
  /** Deadlines of the calendars, and those that a thaw set, in these days, both ends included. */
  abstract deadlinesBetween(from: LondonDate, to: LondonDate): Promise<CalendarDeadline[]>;
  /** Once a day for each: writes a line for each declaration not declared that has none in this step. */
  abstract remind(tx: Tx, due: readonly DueReminder[], today: LondonDate, at: Date): Promise<void>;
}

export interface Contact {
  readonly email: string;
  /** Null: all kinds, also those to come. */
  readonly kinds: readonly MessageKind[] | null;
}

export interface DueMail {
  readonly messageId: string;
  readonly email: string;
  /** As PostgreSQL prints it: a Date would lose the microseconds and never match its row again. */
  readonly messageWrittenAt: string;
  readonly attempts: number;
}

export abstract class MailStore {
  /** Adds an address, or says anew which kinds it wants. */
  /** @returns false where the organisation has as many as it may: each one multiplies what is mailed */
  abstract addContact(organisationCode: string, contact: Contact, personId: string): Promise<boolean>;
  /** Nothing more is mailed to it, neither what is queued. */
  abstract removeContact(organisationCode: string, email: string): Promise<void>;
  abstract contacts(organisationCode: string): Promise<Contact[]>;
  /** Queues a mail for each contact of each message to which nothing was added for `quietSeconds`. */
  abstract queue(quietSeconds: number, now: Date): Promise<void>;
  /**
   * Takes mails that are due and whose address is still wanted, and sets their next attempt before they are sent: a
   * crash never sends in a loop.
   */
  abstract take(now: Date, limit: number): Promise<DueMail[]>;
  abstract delivered(mail: DueMail, at: Date): Promise<void>;
  abstract failed(mail: DueMail, code: string): Promise<void>;
}

/** How a mail leaves: SMTP when configured. */
export abstract class Mailer {
  abstract readonly configured: boolean;
  abstract send(email: string, subject: string, text: string): Promise<void>;
}
