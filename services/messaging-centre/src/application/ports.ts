import type { Tx } from '@attest/persistence';
import type { Notice } from '../domain/notice.js';
import type { OpenTask, TaskKind } from '../domain/task.js';
import type { MessageKind } from '../domain/notice.js';

export interface TaskChange {
  readonly declarationId: string;
  readonly revision: bigint;
  readonly task: OpenTask | null;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly providerCode: string;
  readonly pence: bigint;
  readonly since: string;
}

export abstract class MessageStore {
  /** Adds lines to their digests, once each; a digest that grows is unread again. */
  abstract add(tx: Tx, notices: readonly Notice[], at: Date): Promise<void>;
  abstract changeTasks(tx: Tx, changes: readonly TaskChange[]): Promise<void>;
}

export interface StoredMessage {
  readonly messageId: string;
  readonly kind: MessageKind;
  readonly organisationCode: string;
  readonly bucket: string;
  readonly lines: number;
  readonly pence: bigint;
  readonly previousPence: bigint | null;
  readonly reason: string | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
  readonly readAt: Date | null;
}

export interface StoredTask {
  readonly declarationId: string;
  readonly kind: TaskKind;
  readonly organisationCode: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly providerCode: string;
  readonly pence: bigint;
  readonly since: Date;
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
  abstract tasks(organisationCode: string, after: string | undefined, limit: number): Promise<StoredTask[]>;
  abstract markRead(messageId: string, personId: string, at: Date): Promise<void>;
}

export interface DueMail {
  readonly messageId: string;
  readonly email: string;
  /** As PostgreSQL prints it: a Date would lose the microseconds and never match its row again. */
  readonly messageWrittenAt: string;
  readonly attempts: number;
}

export abstract class MailStore {
  abstract addContact(organisationCode: string, email: string, personId: string): Promise<void>;
  abstract removeContact(organisationCode: string, email: string): Promise<void>;
  abstract contacts(organisationCode: string): Promise<string[]>;
  /** Queues a mail for each contact of each message to which nothing was added for `quietSeconds`. */
  abstract queue(quietSeconds: number, now: Date): Promise<void>;
  /** Takes mails that are due, and sets their next attempt before they are sent: a crash never sends in a loop. */
  abstract take(now: Date, limit: number): Promise<DueMail[]>;
  abstract delivered(mail: DueMail, at: Date): Promise<void>;
  abstract failed(mail: DueMail, code: string): Promise<void>;
}

/** How a mail leaves: SMTP when configured. */
export abstract class Mailer {
  abstract readonly configured: boolean;
  abstract send(email: string, subject: string, text: string): Promise<void>;
}
