// People read what they were told: one digest per provider and run, not one message per payment.
import { randomUUID } from 'node:crypto';
import { count } from '../words.js';
import type { World } from '../world.js';

export interface MessagesRead {
  readonly messages: number;
  readonly lines: number;
  readonly read: number;
  readonly readers: number;
  /** How many were read, by kind. */
  readonly kinds: Readonly<Record<string, number>>;
}

export interface Message {
  readonly messageId: string;
  readonly kind: string;
}

export const title = 'Messages are read';

export async function run(world: World): Promise<MessagesRead> {
  const { mover, lateMover, amended } = world.manifest.cast;
  const readers = [mover.leavesPcnCode, mover.joinsPcnCode, lateMover.leavesPcnCode, amended.practiceCode];
  const kinds: Record<string, number> = {};
  let read = 0;
  for (const organisationCode of readers) {
    const person = world.declarerOf(organisationCode);
    for (const message of await world.all<Message>(
      person,
      'messaging-centre',
      `messages?organisationCode=${organisationCode}&unread=true`,
    )) {
      await world.post(
        person,
        'messaging-centre',
        `messages/${message.messageId}/read`,
        {},
        { 'idempotency-key': randomUUID() },
      );
      kinds[message.kind] = (kinds[message.kind] ?? 0) + 1;
      read++;
    }
  }
  return {
    messages: await world.count('messaging-centre', 'SELECT count(*) FROM message'),
    lines: await world.count('messaging-centre', 'SELECT count(*) FROM message_line'),
    read,
    readers: readers.length,
    kinds,
  };
}

export function tell({ messages, lines, read, readers }: MessagesRead): string[] {
  return [
    `${count(lines, 'piece')} of news reached people in ${count(messages, 'message')}: one digest for each matter, not one message for each payment.`,
    `${count(readers, 'provider')} read ${count(read, 'message')}.`,
  ];
}
