import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeclarationFact, DeclarationState } from '@attest/contracts';
import { aDeclaration } from './events.js';
import { MessageDatabase } from './message-database.js';

let world: MessageDatabase;
/** Each test has a provider and a commissioner to itself. */
let next = 0;
const someone = () => {
  next++;
  return { organisationCode: `X0000${next}`, commissionerCode: `XQ${next}` };
};

beforeAll(async () => {
  world = await MessageDatabase.create();
}, 60_000);
afterAll(() => world?.close());

/** The same declaration, later. */
const later = (d: DeclarationState, pence: string): DeclarationState => ({
  ...d,
  pence,
  revision: d.revision + 2,
});

describe('a digest of one declaration that was told of twice', () => {
  it('names what it was before all of it and what it is now', async () => {
    const d = aDeclaration({ ...someone(), pence: '10000', revision: 3 });
    await world.happened(
      ['reopened', d, { previousPence: '5000' }],
      ['reopened', later(d, '20000'), { previousPence: '10000' }],
    );
    for (const code of [d.organisationCode, d.commissionerCode]) {
      const [message] = await world.messagesOf(code);
      expect(message).toMatchObject({ lines: 2, subjectCount: 1, pence: 20_000n, previousPence: 5_000n });
      expect(message!.subject).toBe('A declaration was reopened: £50.00 became £200.00');
    }
  });

  const TWICE: [string, string, Partial<DeclarationFact>, string][] = [
    ['refused', 'REFUSED', {}, '1 declaration sent back by the commissioner: Second.'],
    ['reverted', 'REVERTED', {}, 'Approvals of 1 declaration were taken back while'],
    [
      'needs-resolution',
      'NEEDS_RESOLUTION',
      { code: 'STOPPED_IN_TIME' },
      'A payment needs resolution: it was stopped in time, £2.00',
    ],
    [
      'declared',
      'DECLARED_LATE',
      { code: 'DECLARED_LATE' },
      '1 late declaration for the run of 2026-10, £2.00',
    ],
  ];
  it.each(TWICE)(
    'that was %s counts it once, with its newest amount and reason',
    async (name, kind, fact, subject) => {
      const d = aDeclaration({ ...someone(), pence: '100', revision: 3 });
      await world.happened(
        [name, d, { ...fact, reason: 'First.' }],
        [name, later(d, '200'), { ...fact, reason: 'Second.' }],
      );
      const told = [
        ...(await world.messagesOf(d.organisationCode)),
        ...(await world.messagesOf(d.commissionerCode)),
      ];
      expect(told.length).toBeGreaterThan(0);
      for (const message of told) {
        expect(message).toMatchObject({ kind, lines: 2, subjectCount: 1, pence: 200n, reason: 'Second.' });
        expect(message.subject).toContain(subject);
        expect(message.address.page).toBe(`/declarations/${d.declarationId}`);
      }
    },
  );

  it('grows with the second line, and is unread again', async () => {
    const d = aDeclaration({ ...someone(), revision: 3 });
    await world.happened(['refused', d, { reason: 'First.' }]);
    const [message] = await world.messagesOf(d.organisationCode);
    await world.queries.markRead(message!.messageId, 'reader', world.at);
    await world.happened(['refused', later(d, d.pence), { reason: 'Second.' }]);
    const [grown] = await world.messagesOf(d.organisationCode);
    expect(grown).toMatchObject({ messageId: message!.messageId, lines: 2, subjectCount: 1, readAt: null });
    expect(await world.queries.readings(message!.messageId)).toEqual([
      { personId: 'reader', lines: 1, readAt: world.at },
    ]);
  });
});

describe('a digest of several declarations', () => {
  it('adds up the newest amounts of each and what each was before', async () => {
    const who = someone();
    const twice = aDeclaration({ ...who, pence: '10000', revision: 3 });
    const once = aDeclaration({ ...who, pence: '700', revision: 4 });
    await world.happened(
      ['reopened', twice, { previousPence: '5000' }],
      ['reopened', once, { previousPence: '600' }],
      ['reopened', later(twice, '20000'), { previousPence: '10000' }],
    );
    const [message] = await world.messagesOf(who.organisationCode);
    expect(message).toMatchObject({ lines: 3, subjectCount: 2 });
    expect(message!.subject).toBe('2 declarations were reopened: £56.00 became £207.00 altogether');
  });

  it('names no amount before where one of them had none', async () => {
    const who = someone();
    await world.happened(
      ['reopened', aDeclaration({ ...who, pence: '700' }), { previousPence: '600' }],
      ['reopened', aDeclaration({ ...who, pence: '300' }), {}],
    );
    expect((await world.messagesOf(who.organisationCode))[0]).toMatchObject({
      pence: 1_000n,
      previousPence: null,
    });
  });
});

describe('a declaration that ends', () => {
  it('out of its approval is told as ended, with the reason in words, and not as reopened', async () => {
    const d = aDeclaration({ ...someone(), pence: '0', revision: 6 });
    await world.happened(['reopened', d, { code: 'NOT_APPLICABLE', previousPence: '5000' }]);
    await world.happened([
      'lapsed',
      { ...d, status: 'LAPSED', revision: 7 },
      { code: 'NOT_APPLICABLE', reason: 'NOT_PARTICIPATING', from: 'AWAITING_PROVIDER_APPROVAL' },
    ]);
    for (const code of [d.organisationCode, d.commissionerCode]) {
      const told = await world.messagesOf(code);
      expect(told.map(({ kind }) => kind)).toEqual(['LAPSED']);
      expect(told[0]).toMatchObject({
        code: 'NOT_APPLICABLE',
        subject:
          '1 declaration ended, there is nothing to pay: no accepted participation covers the achievement date',
        address: { page: `/declarations/${d.declarationId}` },
      });
    }
  });

  it('because its commissioner withdrew it is told to its provider with that reason', async () => {
    const d = aDeclaration({ ...someone(), status: 'LAPSED', pence: '500', revision: 4 });
    await world.happened([
      'lapsed',
      d,
      { actor: 'commissioner', code: 'WITHDRAWN', reason: 'Agreed by phone.' },
    ]);
    expect((await world.messagesOf(d.organisationCode))[0]!.subject).toBe(
      '1 declaration withdrawn by the commissioner, £5.00: Agreed by phone.',
    );
  });
});
