import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgMailStore } from '../src/persistence/mail.store.js';
import { aDeclaration } from './events.js';
import { MessageDatabase } from './message-database.js';

let world: MessageDatabase;
let mails: PgMailStore;
let next = 0;
const DESK = 'desk@example.org';
const OTHER = 'other@example.org';

beforeAll(async () => {
  world = await MessageDatabase.create();
  mails = new PgMailStore(world.database);
}, 60_000);
afterAll(() => world?.close());

const add = (code: string, email: string) => mails.addContact(code, { email, kinds: null }, 'somebody');
/** A message of an organisation with these contacts, queued to be mailed to each of them. */
async function queued(...emails: string[]): Promise<string> {
  const organisationCode = `X0000${++next}`;
  for (const email of emails) await add(organisationCode, email);
  await tell(organisationCode);
  return organisationCode;
}
async function tell(organisationCode: string): Promise<void> {
  await world.happened(['refused', aDeclaration({ organisationCode }), { reason: 'Too high.' }]);
  await world.messagesOf(organisationCode);
  await mails.queue(0, await now());
}
/** The database's own: what it writes and what is asked of it then go by one clock. */
const now = async (): Promise<Date> =>
  (await world.database.query<{ now: Date }>("SELECT clock_timestamp() + interval '1 second' AS now"))
    .rows[0]!.now;
const takenOf = async (code: string): Promise<string[]> => {
  const ids = new Set((await world.messagesOf(code)).map(({ messageId }) => messageId));
  const taken = await mails.take(await now(), 500);
  return taken.filter(({ messageId }) => ids.has(messageId)).map(({ email }) => email);
};
const deliveriesOf = async (code: string) => {
  const [message] = await world.messagesOf(code);
  return world.queries.deliveries(message!.messageId);
};

describe('an address that was removed', () => {
  it('is mailed nothing more of what was queued for it, and the others are', async () => {
    const code = await queued(DESK, OTHER);
    await mails.removeContact(code, DESK);
    expect(await takenOf(code)).toEqual([OTHER]);
    expect((await deliveriesOf(code)).map(({ email }) => email)).toEqual([OTHER]);
  });

  it('is not tried again where mailing it failed', async () => {
    const code = await queued(DESK);
    const [mail] = await mails.take(await now(), 500);
    await mails.failed(mail!, 'ECONNREFUSED');
    await mails.removeContact(code, DESK);
    await world.database.query('UPDATE mail SET next_attempt_at = now()');
    expect(await takenOf(code)).toEqual([]);
  });

  it('keeps the times of what was delivered', async () => {
    const code = await queued(DESK);
    const [mail] = await mails.take(await now(), 500);
    await mails.delivered(mail!, new Date());
    await mails.removeContact(code, DESK);
    expect(await deliveriesOf(code)).toEqual([
      expect.objectContaining({ email: DESK, deliveredAt: expect.any(Date) }),
    ]);
  });

  it('by one organisation is still mailed what others wish', async () => {
    const [one, another] = [await queued(DESK), await queued(DESK)];
    await mails.removeContact(one, DESK);
    expect(await takenOf(another)).toEqual([DESK]);
  });

  it('is not mailed what was queued at that very moment, neither when it is added again', async () => {
    const code = await queued(DESK);
    await world.database.query('DELETE FROM contact WHERE organisation_code = $1', [code]);
    expect(await takenOf(code)).toEqual([]);
    await add(code, DESK);
    expect(await takenOf(code)).toEqual([]);
    await tell(code);
    expect(await takenOf(code)).toEqual([DESK]);
  });
});
