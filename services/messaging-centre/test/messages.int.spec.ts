import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import {
  DeclarationDeclaredV1,
  DeclarationHeldV1,
  DeclarationOpenedV1,
  DeclarationPaidV1,
  DeclarationReopenedV1,
  newEvent,
  PayeeChangedV1,
  PcnMembershipLeftV1,
  uuidV7,
  type DeclarationEventData,
  type DeclarationState,
} from '@attest/contracts';
import { eventually, startServiceUnderTest, type ServiceUnderTest } from '@attest/testing';
import { messagingCentre } from '../src/index.js';
import { servicePublished } from './events.js';

let service: ServiceUnderTest;
let smtp: SMTPServer;
const mails: string[] = [];

const aDeclaration = (changes: Partial<DeclarationState> = {}): DeclarationState => ({
  declarationId: uuidV7(),
  kind: 'achievement',
  serviceCode: 'XVI2223',
  achievementDate: '2023-03-31',
  organisationCode: 'X00001',
  commissionerCode: 'XQA',
  paymentPeriod: '2026-07',
  status: 'AWAITING_PROVIDER_APPROVAL',
  holds: [],
  awaitingAggregation: false,
  revision: 1,
  declarationVersion: 1,
  figureRevision: 1,
  pence: '12072',
  attempt: 1,
  late: false,
  declaredBy: null,
  commissionerSignedBy: null,
  financeSignedBy: null,
  runId: null,
  ...changes,
});

const fact = (changes: Partial<DeclarationEventData['fact']> = {}): DeclarationEventData['fact'] => ({
  actor: 'system',
  personId: null,
  forOrganisation: null,
  at: '2026-08-10T09:00:00.000Z',
  from: null,
  reason: null,
  code: null,
  approvalId: null,
  previousPence: null,
  ...changes,
});

type Message = {
  messageId: string;
  kind: string;
  subject: string;
  nextStep: string;
  lines: number;
  pence: string;
  readAt: string | null;
};
const messagesOf = async (person: string, code: string, more = ''): Promise<Message[]> =>
  (await service.get(person, `messages?organisationCode=${code}&limit=500${more}`)).body.items;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

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
  });
  // Its window is open whenever this runs, and its deadline is far.
  const { serviceCode, achievementDate } = aDeclaration();
  await service.topics.publish([
    servicePublished(serviceCode, {
      achievementDate,
      opensOn: '2020-01-01',
      providerDeadlineOn: '2099-12-31',
    }),
  ]);
  const practice = (code: string, commissioner: string) =>
    ({
      code,
      kind: 'practice',
      commissionerCode: commissioner,
      ancestors: [commissioner, 'ENGLAND'],
    }) as const;
  await service.know(
    [
      { code: 'XQA', kind: 'commissioner' },
      { code: 'XU0001', kind: 'pcn', commissionerCode: 'XQA', ancestors: ['XQA', 'ENGLAND'] },
      ...Array.from({ length: 9 }, (_, at) => practice(`X0000${at + 1}`, 'XQA')),
    ],
    [
      ...Array.from({ length: 9 }, (_, at) => ({
        personId: `declarer.${at + 1}`,
        role: 'DECLARATION_MANAGEMENT' as const,
        organisationCode: `X0000${at + 1}`,
      })),
      { personId: 'approver', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'pcn', role: 'DECLARATION_MANAGEMENT', organisationCode: 'XU0001' },
    ],
  );
}, 60_000);
afterAll(async () => {
  await service?.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});

describe('a provider', () => {
  it('gets one digest of what is ready to declare, not one message per declaration', async () => {
    const declarations = Array.from({ length: 8 }, () => aDeclaration({ organisationCode: 'X00001' }));
    await service.topics.publish(
      declarations.map((declaration) => newEvent(DeclarationOpenedV1, { declaration, fact: fact() })),
    );
    const [digest] = await eventually(async () => {
      const found = await messagesOf('declarer.1', 'X00001');
      return found[0]?.lines === 8 && found;
    });
    expect(digest).toMatchObject({ kind: 'READY_TO_DECLARE', pence: String(8 * 12_072), readAt: null });
    expect(digest!.subject).toContain('8 declarations ready to declare');
  });

  it('gets one digest per run of what was paid', async () => {
    const runId = uuidV7();
    const paid = Array.from({ length: 3 }, () =>
      aDeclaration({ organisationCode: 'X00002', status: 'PAID', runId, revision: 9 }),
    );
    await service.topics.publish(
      paid.map((declaration) => newEvent(DeclarationPaidV1, { declaration, fact: fact() })),
    );
    await eventually(async () => (await messagesOf('declarer.2', 'X00002'))[0]?.lines === 3);
  });

  it('sees a line once, however often its event comes', async () => {
    const declaration = aDeclaration({ organisationCode: 'X00003' });
    const once = newEvent(DeclarationOpenedV1, { declaration, fact: fact() });
    // Another id: what the inbox cannot know.
    const again = newEvent(DeclarationOpenedV1, { declaration, fact: fact() });
    const other = newEvent(DeclarationOpenedV1, {
      declaration: aDeclaration({ organisationCode: 'X00004' }),
      fact: fact(),
    });
    await service.topics.publish([once, again, other]);
    await eventually(async () => (await messagesOf('declarer.4', 'X00004')).length === 1);
    await eventually(async () => (await messagesOf('declarer.3', 'X00003'))[0]?.lines === 1);
  });

  it('is told both amounts when a declaration is reopened, and so is the commissioner', async () => {
    const declaration = aDeclaration({ organisationCode: 'X00005', pence: '20000' });
    await service.topics.publish([
      newEvent(DeclarationReopenedV1, { declaration, fact: fact({ previousPence: '10000' }) }),
    ]);
    const [told] = await eventually(async () => {
      const found = await messagesOf('declarer.5', 'X00005');
      return found.length > 0 && found;
    });
    expect(told!.subject).toContain('£100.00 became £200.00');
    expect((await messagesOf('approver', 'XQA')).map((message) => message.kind)).toContain('REOPENED');
  });

  it('may read neither list nor message of another provider', async () => {
    await service.topics.publish([
      newEvent(DeclarationOpenedV1, {
        declaration: aDeclaration({ organisationCode: 'X00006' }),
        fact: fact(),
      }),
    ]);
    const [theirs] = await eventually(async () => {
      const found = await messagesOf('declarer.6', 'X00006');
      return found.length > 0 && found;
    });
    expect((await service.get('declarer.5', 'messages?organisationCode=X00006')).body.code).toBe(
      'ORGANISATION_UNKNOWN',
    );
    expect((await service.get('declarer.5', `messages/${theirs!.messageId}/lines`)).status).toBe(404);
    expect((await service.post('declarer.5', `messages/${theirs!.messageId}/read`)).status).toBe(404);
  });

  it('marks a message read, and it is unread again when it grows', async () => {
    const publish = () =>
      service.topics.publish([
        newEvent(DeclarationOpenedV1, {
          declaration: aDeclaration({ organisationCode: 'X00007' }),
          fact: fact(),
        }),
      ]);
    await publish();
    const [message] = await eventually(async () => {
      const found = await messagesOf('declarer.7', 'X00007');
      return found.length > 0 && found;
    });
    expect((await service.post('declarer.7', `messages/${message!.messageId}/read`)).status).toBe(204);
    expect(await messagesOf('declarer.7', 'X00007', '&unread=true')).toEqual([]);
    await publish();
    await eventually(async () => (await messagesOf('declarer.7', 'X00007', '&unread=true'))[0]?.lines === 2);
  });
});

describe('a task', () => {
  it('to declare opens with the figures, moves to the commissioner with a hold, and ends when declared', async () => {
    const declaration = aDeclaration({ organisationCode: 'X00008' });
    const tasks = async (person: string, code: string): Promise<{ kind: string; declarationId: string }[]> =>
      (await service.get(person, `tasks?organisationCode=${code}&limit=500`)).body.items;
    await service.topics.publish([newEvent(DeclarationOpenedV1, { declaration, fact: fact() })]);
    await eventually(async () => (await tasks('declarer.8', 'X00008'))[0]?.kind === 'DECLARE');

    const hold = {
      holdId: uuidV7(),
      code: 'PCN_PRACTICE_LEFT' as const,
      causeEventId: uuidV7(),
      pcnCode: 'XU0001',
      practiceCodes: ['X00001'],
      changedFrom: '2026-07-20',
      changedTo: null,
      membershipVersion: 2,
      releasedBy: 'commissioner' as const,
      waitsFor: 'REAGGREGATION' as const,
      since: '2026-08-10T09:00:00.000Z',
    };
    await service.topics.publish([
      newEvent(DeclarationHeldV1, {
        declaration: { ...declaration, holds: [hold], revision: 2 },
        fact: fact(),
      }),
    ]);
    await eventually(async () => (await tasks('declarer.8', 'X00008')).length === 0);
    const theirs = (await tasks('approver', 'XQA')).find(
      (task) => task.declarationId === declaration.declarationId,
    );
    expect(theirs?.kind).toBe('RELEASE_HOLD');

    await service.topics.publish([
      newEvent(DeclarationDeclaredV1, {
        declaration: { ...declaration, status: 'AWAITING_COMMISSIONER_APPROVAL', revision: 3 },
        fact: fact(),
      }),
    ]);
    await eventually(async () =>
      (await tasks('approver', 'XQA')).every((task) => task.declarationId !== declaration.declarationId),
    );
  });
});

describe('a change of membership', () => {
  it('is told to the PCN and to the practice that moved, each with the address that it may open', async () => {
    await service.topics.publish([
      newEvent(PcnMembershipLeftV1, {
        pcnCode: 'XU0001',
        membershipVersion: 2,
        members: [{ practiceCode: 'X00009', from: '2019-07-01', to: '2026-07-20' }],
        changedPractices: ['X00009'],
        changedFrom: '2026-07-20',
        changedTo: null,
      }),
    ]);
    const [ours] = await eventually(async () => {
      const found = await messagesOf('pcn', 'XU0001');
      return found[0]?.kind === 'MEMBERSHIP_CHANGED' && found;
    });
    expect(ours).toMatchObject({ address: { api: '/api/v1/pcns/XU0001/members' } });
    const [moved] = await eventually(async () => {
      const found = await messagesOf('declarer.9', 'X00009');
      return found[0]?.kind === 'MEMBERSHIP_CHANGED' && found;
    });
    const { body } = await service.get('declarer.9', `messages/${moved!.messageId}/lines`);
    for (const told of [moved, body.items[0]])
      expect(told).toMatchObject({ address: { api: '/api/v1/practices/X00009/memberships' } });
  });

  it('tell a provider and its commissioner who is paid for it now, without the account', async () => {
    const payee = (code: string) => ({
      payeeCode: code,
      payeeName: `Surgery ${code}`,
      accountReference: `ATTEST-${code}`,
    });
    await service.topics.publish([
      newEvent(PayeeChangedV1, {
        providerCode: 'X00009',
        commissionerCode: 'XQA',
        payee: payee('X00002'),
        formerPayee: payee('X00009'),
        reason: 'They merged.',
        changeId: uuidV7(),
        organisationVersion: 2,
      }),
    ]);
    const [message] = await eventually(async () => {
      const found = await messagesOf('declarer.9', 'X00009');
      return found[0]?.kind === 'PAYEE_CHANGED' && found;
    });
    expect(message).toMatchObject({
      subject:
        'The payee was changed: Surgery X00002 (X00002) instead of Surgery X00009 (X00009) is paid for X00009 · They merged.',
      address: { api: '/api/v1/organisations/X00009' },
    });
    expect(JSON.stringify(message)).not.toContain('ATTEST-');
    await eventually(async () =>
      (await messagesOf('approver', 'XQA')).some(({ kind }: { kind: string }) => kind === 'PAYEE_CHANGED'),
    );
  });
});

describe('mail', () => {
  it('goes to so many addresses of an organisation and no more', async () => {
    await service.database.query(
      `INSERT INTO contact (organisation_code, email, recorded_by, recorded_at)
       SELECT 'X00008', n || '@example.org', 'declarer.8', now() FROM generate_series(1, 50) n`,
    );
    const add = (email: string) =>
      service.post('declarer.8', 'contacts', { organisationCode: 'X00008', email });
    expect((await add('desk@example.org')).body.code).toBe('TOO_MANY_CONTACTS');
    // One of them chooses its kinds anew.
    expect((await add('7@example.org')).status).toBe(204);
    await service.database.query(`DELETE FROM contact WHERE organisation_code = 'X00008'`);
  });

  it('goes to the contacts of an organisation when a digest has grown quiet, once', async () => {
    expect(
      (await service.post('declarer.9', 'contacts', { organisationCode: 'X00009', email: 'no address' }))
        .status,
    ).toBeGreaterThanOrEqual(400);
    expect(
      (
        await service.post('declarer.9', 'contacts', {
          organisationCode: 'X00009',
          email: 'desk@example.org',
        })
      ).status,
    ).toBe(204);
    expect(
      (await service.post('declarer.8', 'contacts', { organisationCode: 'X00009', email: 'x@example.org' }))
        .body.code,
    ).toBe('ORGANISATION_UNKNOWN');
    await service.topics.publish([
      newEvent(DeclarationOpenedV1, {
        declaration: aDeclaration({ organisationCode: 'X00009' }),
        fact: fact(),
      }),
    ]);
    await eventually(() => mails.length > 0, { withinMs: 30_000, everyMs: 100 });
    expect(mails[0]).toContain('To: desk@example.org');
    expect(mails[0]).toContain('ready to declare');
    await eventually(async () => {
      const { rows } = await service.database.query('SELECT delivered_at FROM mail');
      return rows.length === 1 && rows[0].delivered_at !== null;
    });
  }, 40_000);
});
