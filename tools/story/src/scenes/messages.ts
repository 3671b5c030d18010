// @ts-nocheck
// People read what they were told: one digest per provider and run, not one message per payment.
import { randomUUID } from 'node:crypto';
import { count } from '../words.js';

export const title = 'Messages are read';

export async function run(world) {
  const { mover, lateMover, amended } = world.manifest.cast;
  const readers = [mover.leavesPcnCode, mover.joinsPcnCode, lateMover.leavesPcnCode, amended.practiceCode];
  const kinds = {};
  let read = 0;
  for (const organisationCode of readers) {
    const person = world.declarerOf(organisationCode);
    for (const message of await world.all(
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

export function tell({ messages, lines, read, readers }) {
  return [
    `${count(lines, 'piece')} of news reached people in ${count(messages, 'message')}: one digest for each matter, not one message for each payment.`,
    `${count(readers, 'provider')} read ${count(read, 'message')}.`,
  ];
}
