import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import {
  DeclarationDeclaredV1,
  DeclarationFinanceRefusedV1,
  DeclarationHeldV1,
  DeclarationNeedsResolutionV1,
  DeclarationOpenedV1,
  DeclarationPaidV1,
  DeclarationRefusedV1,
  DeclarationReopenedV1,
  newEvent,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import { eventually, startServiceUnderTest, type ServiceUnderTest } from '@attest/testing';
import { messagingCentre } from '../src/index.js';
import { digestIdOf } from '../src/persistence/digest-id.js';
import { aDeclaration, aFact, servicePublished } from './events.js';

let service: ServiceUnderTest;
let smtp: SMTPServer;
const mails: string[] = [];

interface Told {
  readonly messageId: string;
  readonly kind: string;
  readonly subject: string;
  readonly nextStep: string;
  readonly lines: number;
  readonly pence: string;
  readonly code: string | null;
  readonly address: { page: string; api: string };
  readonly readAt: string | null;
  readonly readBy: string | null;
  readonly mailedAt: string | null;
}

const soon = <T>(condition: () => T | Promise<T>) => eventually(condition, { withinMs: 30_000, everyMs: 50 });
const told = (code: string, kind: string, lines = 1): Promise<Told> =>
  soon(async () => {
    const { body } = await service.get('operator', `messages?organisationCode=${code}&limit=500`);
    return body.items.find((one: Told) => one.kind === kind && one.lines === lines);
  });
const tell = (...events: unknown[]): Promise<void> => service.topics.publish(events as NewEvent[]);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const PROVIDERS = Array.from({ length: 20 }, (_, at) => `X${String(at + 1).padStart(5, '0')}`);
/** Each test has a provider and a commissioner to itself. */
let next = 0;
const someone = (): { organisationCode: string; commissionerCode: string } => ({
  organisationCode: PROVIDERS[next]!,
  commissionerCode: `XQ${String.fromCharCode(65 + next++)}`,
});

beforeAll(async () => {
  const port = await freePort();
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(port, '127.0.0.1', () => resolve()));
  service = await startServiceUnderTest(messagingCentre, {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_QUIET_SECONDS: '0',
    PUBLIC_URL: 'https://attest.example/',
  });
  // Its window is open whenever this runs, and its deadline is far.
  const { serviceCode, achievementDate } = aDeclaration();
  await tell(
    servicePublished(serviceCode, {
      achievementDate,
      opensOn: '2020-01-01',
      providerDeadlineOn: '2099-12-31',
    }),
  );
  await service.know(
    PROVIDERS.flatMap((code, at) => {
      const commissionerCode = `XQ${String.fromCharCode(65 + at)}`;
      return [
        { code: commissionerCode, kind: 'commissioner' as const },
        { code, kind: 'practice' as const, commissionerCode, ancestors: [commissionerCode, 'ENGLAND'] },
      ];
    }),
    [
      { personId: 'operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
      ...PROVIDERS.map((code) => ({
        personId: `declarer.${code}`,
        role: 'DECLARATION_MANAGEMENT' as const,
        organisationCode: code,
      })),
    ],
  );
}, 60_000);
afterAll(async () => {
  await service?.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

describe('a notice', () => {
  it('that a commissioner refused says the reason and where to go', async () => {
    const d = aDeclaration({ ...someone(), revision: 3 });
    await tell(
      newEvent(DeclarationRefusedV1, {
        declaration: d,
        fact: aFact({ actor: 'commissioner', reason: 'The count looks too high.' }),
      }),
    );
    const message = await told(d.organisationCode, 'REFUSED');
    expect(message.subject).toBe('1 declaration sent back by the commissioner: The count looks too high.');
    expect(message.nextStep).toContain('declare again');
    expect(message.address).toEqual({
      page: `/declarations/${d.declarationId}`,
      api: `/api/v1/declarations/${d.declarationId}`,
    });
  });

  it('that finance refused goes to the commissioner, who acts next, and to the provider', async () => {
    const d = aDeclaration({ ...someone(), status: 'AWAITING_COMMISSIONER_APPROVAL', revision: 5 });
    await tell(
      newEvent(DeclarationFinanceRefusedV1, {
        declaration: d,
        fact: aFact({ actor: 'finance', reason: 'Wrong cost centre' }),
      }),
    );
    for (const code of [d.organisationCode, d.commissionerCode])
      expect((await told(code, 'REFUSED_BY_FINANCE')).subject).toContain('by finance: Wrong cost centre');
  });

  it('of several refusals with different reasons points to the lines, each with its own reason and address', async () => {
    const who = someone();
    const refused = ['One.', 'Two.'].map((reason) =>
      newEvent(DeclarationRefusedV1, {
        declaration: aDeclaration({ ...who, revision: 3 }),
        fact: aFact({ actor: 'commissioner', reason }),
      }),
    );
    await tell(...refused);
    const message = await told(who.organisationCode, 'REFUSED', 2);
    expect(message.subject).toMatch(/each line says why$/);
    expect(message.address.api).toBe(`/api/v1/messages/${message.messageId}`);
    const { body } = await service.get('operator', `messages/${message.messageId}/lines`);
    expect(body.items.map((line: { reason: string }) => line.reason).sort()).toEqual(['One.', 'Two.']);
    for (const line of body.items) expect(line.address.page).toBe(`/declarations/${line.subjectId}`);
  });

  it.each([
    ['STOPPED_IN_TIME', 'it was stopped in time'],
    ['NOT_STOPPED_IN_TIME', 'it was not stopped in time'],
  ])('of a payment that needs resolution says that it was %s', async (code, words) => {
    const d = aDeclaration({ ...someone(), status: 'SENT_TO_AGENCY', runId: uuidV7(), revision: 7 });
    await tell(
      newEvent(DeclarationNeedsResolutionV1, { declaration: d, fact: aFact({ code, reason: 'it changed' }) }),
    );
    for (const organisation of [d.organisationCode, d.commissionerCode])
      expect(await told(organisation, 'NEEDS_RESOLUTION')).toMatchObject({
        code,
        subject: expect.stringContaining(words),
      });
  });

  it('of reopened declarations is one digest with both sums, and each line has its own', async () => {
    const who = someone();
    await tell(
      ...[1, 2].map((n) =>
        newEvent(DeclarationReopenedV1, {
          declaration: aDeclaration({ ...who, pence: String(n * 10_000), revision: 4 }),
          fact: aFact({ previousPence: '5000' }),
        }),
      ),
    );
    const message = await told(who.organisationCode, 'REOPENED', 2);
    expect(message.subject).toContain('£100.00 became £300.00 altogether');
    const { body } = await service.get('operator', `messages/${message.messageId}/lines`);
    expect(body.items.map((line: { previousPence: string }) => line.previousPence)).toEqual(['5000', '5000']);
  });

  it('of an adjustment says its amount', async () => {
    const d = aDeclaration({ ...someone(), kind: 'adjustment', pence: '-2500' });
    await tell(newEvent(DeclarationOpenedV1, { declaration: d, fact: aFact({ previousPence: '10000' }) }));
    expect((await told(d.organisationCode, 'ADJUSTMENT_OPENED')).subject).toContain('-£25.00');
    await told(d.commissionerCode, 'ADJUSTMENT_OPENED');
  });

  it('of what is held by hand says so, not that a membership changed', async () => {
    const hold = {
      holdId: uuidV7(),
      code: 'BY_HAND' as const,
      causeEventId: null,
      pcnCode: null,
      practiceCodes: [],
      changedFrom: null,
      changedTo: null,
      membershipVersion: null,
      releasedBy: 'commissioner' as const,
      waitsFor: null,
      since: '2026-10-10T09:00:00.000Z',
    };
    const d = aDeclaration({ ...someone(), holds: [hold], revision: 2 });
    await tell(
      newEvent(DeclarationHeldV1, {
        declaration: d,
        fact: aFact({ actor: 'commissioner', code: 'BY_HAND', reason: 'Under review.' }),
      }),
    );
    expect((await told(d.organisationCode, 'HELD')).subject).toContain('held by the commissioner');
  });

  it('of a late declaration goes to the commissioner; one in time tells nobody', async () => {
    const who = someone();
    const declared = aDeclaration({
      ...who,
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      late: true,
      revision: 2,
    });
    await tell(
      newEvent(DeclarationDeclaredV1, {
        declaration: { ...declared, declarationId: uuidV7(), late: false },
        fact: aFact({ actor: 'provider' }),
      }),
      newEvent(DeclarationDeclaredV1, {
        declaration: declared,
        fact: aFact({ actor: 'provider', code: 'DECLARED_LATE', reason: 'Illness' }),
      }),
    );
    expect((await told(who.commissionerCode, 'DECLARED_LATE')).subject).toContain(': Illness');
  });
});

describe('a digest', () => {
  it('is one, and right to the penny, however many partitions bring its lines at once', async () => {
    const { organisationCode } = someone();
    const runId = uuidV7();
    const paid = Array.from({ length: 400 }, (_, at) =>
      newEvent(DeclarationPaidV1, {
        declaration: aDeclaration({
          organisationCode,
          status: 'PAID',
          runId,
          revision: 9,
          pence: String(at),
        }),
        fact: aFact({ actor: 'agency' }),
      }),
    );
    await tell(...paid, ...paid.slice(0, 50));
    const digest = await told(organisationCode, 'PAID', 400);
    expect(digest.pence).toBe(String((399 * 400) / 2));
    const { rows } = await service.database.query(
      'SELECT count(*)::int AS n FROM message WHERE organisation_code = $1',
      [organisationCode],
    );
    expect(rows[0].n).toBe(1);
  }, 60_000);
});

describe('the key of a digest', () => {
  it.each([
    ['X00001', 'PAID', '2026-07'],
    ['XQA', 'HELD', 'BY_HAND:2026-07'],
    ['Ü|"\\', 'REFUSED', '’'],
  ] as const)('is the same here and in the database for %s %s %s', async (organisationCode, kind, bucket) => {
    const { rows } = await service.database.query('SELECT digest_id($1, $2, $3) AS id', [
      organisationCode,
      kind,
      bucket,
    ]);
    expect(rows[0].id.replaceAll('-', '')).toBe(digestIdOf({ organisationCode, kind, bucket }));
  });
});

describe('reading and delivery', () => {
  it('are kept per message: who read it and when, also before it grew', async () => {
    const { organisationCode } = someone();
    const open = () =>
      tell(newEvent(DeclarationOpenedV1, { declaration: aDeclaration({ organisationCode }), fact: aFact() }));
    await open();
    const message = await told(organisationCode, 'READY_TO_DECLARE');
    const person = `declarer.${organisationCode}`;
    expect((await service.post(person, `messages/${message.messageId}/read`)).status).toBe(204);
    expect(await told(organisationCode, 'READY_TO_DECLARE')).toMatchObject({
      readBy: person,
      readAt: expect.any(String),
    });
    await open();
    const grown = await told(organisationCode, 'READY_TO_DECLARE', 2);
    expect(grown).toMatchObject({ messageId: message.messageId, readAt: null, readBy: null });
    expect((await service.post('operator', `messages/${message.messageId}/read`)).status).toBe(204);
    const { body } = await service.get(person, `messages/${message.messageId}`);
    expect(body.readings).toEqual([
      { personId: 'operator', lines: 2, readAt: expect.any(String) },
      { personId: person, lines: 1, readAt: expect.any(String) },
    ]);
  });

  it('are nobody else’s business', async () => {
    const { organisationCode } = someone();
    await tell(
      newEvent(DeclarationOpenedV1, { declaration: aDeclaration({ organisationCode }), fact: aFact() }),
    );
    const { messageId } = await told(organisationCode, 'READY_TO_DECLARE');
    const answer = await service.get(`declarer.${PROVIDERS[19]}`, `messages/${messageId}`);
    expect(answer.status).toBe(404);
    expect(answer.body.code).toBe('UNKNOWN_MESSAGE');
    expect((await service.get('operator', `messages/${uuidV7()}`)).status).toBe(404);
    expect((await service.get('operator', 'messages/no-id')).status).toBe(400);
  });

  it('go by the kinds that an address wants, and carry the whole address of the thing', async () => {
    const { organisationCode } = someone();
    const person = `declarer.${organisationCode}`;
    const contact = (body: object) => service.post(person, 'contacts', { organisationCode, ...body });
    for (const kinds of [[], ['NONSENSE'], ['PAID', 'PAID'], 'PAID'])
      expect((await contact({ email: 'desk@example.org', kinds })).status).toBe(400);
    expect((await contact({ email: 'desk@example.org' })).status).toBe(204);
    expect((await contact({ email: 'desk@example.org', kinds: ['REFUSED'] })).status).toBe(204);
    const { body: contacts } = await service.get(person, `contacts?organisationCode=${organisationCode}`);
    expect(contacts.items).toEqual([{ email: 'desk@example.org', kinds: ['REFUSED'] }]);

    const d = aDeclaration({ organisationCode, commissionerCode: 'XQZ', revision: 3 });
    await tell(newEvent(DeclarationOpenedV1, { declaration: { ...d, revision: 1 }, fact: aFact() }));
    await told(organisationCode, 'READY_TO_DECLARE');
    await tell(newEvent(DeclarationRefusedV1, { declaration: d, fact: aFact({ reason: 'Too high.' }) }));
    const { messageId } = await told(organisationCode, 'REFUSED');
    const body = await soon(async () => {
      const answer = await service.get(person, `messages/${messageId}`);
      return answer.body.mailedAt !== null && answer.body;
    });
    expect(body.deliveries).toEqual([
      { email: 'desk@example.org', attempts: 1, deliveredAt: body.mailedAt, lastErrorCode: null },
    ]);
    expect(mails).toHaveLength(1);
    expect(mails[0]!.replace(/=\r?\n/g, '')).toContain(
      `https://attest.example/declarations/${d.declarationId}`,
    );
  }, 60_000);
});
