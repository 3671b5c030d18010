import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BusinessClockMovedV1,
  DeclarationDeclaredV1,
  DeclarationOpenedV1,
  newEvent,
  PeriodFrozenV1,
  PeriodThawedV1,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import { londonInstant, parseLondonDate } from '@attest/calendar';
import { Database } from '@attest/persistence';
import { eventually, startServiceUnderTest, type ServiceUnderTest } from '@attest/testing';
import { RemindOfDeadlines } from '../src/application/remind-of-deadlines.js';
import { messagingCentre } from '../src/index.js';
import { PgCalendarStore } from '../src/persistence/calendar.store.js';
import { aDeclaration, aFact, servicePublished } from './events.js';

// Two replicas stand on one database; business time is moved across the steps.
let service: ServiceUnderTest;
let second: { close(): Promise<void> };
let clockVersion = 0;

interface Reminder {
  readonly messageId: string;
  readonly bucket: string;
  readonly subject: string;
  readonly lines: number;
  readonly open: { lines: number; pence: string };
  readonly address: { page: string; api: string };
  readonly readAt: string | null;
}

const soon = <T>(condition: () => T | Promise<T>) => eventually(condition, { withinMs: 30_000, everyMs: 50 });
const remindersOf = async (provider: string): Promise<Reminder[]> =>
  (
    await service.get(`declarer.${provider}`, `messages?organisationCode=${provider}&limit=500`)
  ).body.items.filter((message: { kind: string }) => message.kind === 'DEADLINE_NEAR');
const reminderOf = (provider: string, bucket: string): Promise<Reminder> =>
  soon(async () => (await remindersOf(provider)).find((one) => one.bucket === bucket));

async function moveClockTo(date: string, time: string): Promise<void> {
  const offsetMs = londonInstant(parseLondonDate(date), time).getTime() - Date.now();
  await service.topics.publish([
    newEvent(BusinessClockMovedV1, {
      offsetMs,
      movedAt: new Date().toISOString(),
      clockVersion: ++clockVersion,
    }) as NewEvent,
  ]);
  await soon(
    async () =>
      (await service.database.query('SELECT 1 FROM business_clock WHERE version = $1', [clockVersion]))
        .rowCount === 1,
  );
}

const tasks = async (count: number): Promise<boolean> => {
  const { rows } = await service.database.query<{ open: string }>(
    `SELECT count(*) AS open FROM task WHERE kind = 'DECLARE'`,
  );
  return Number(rows[0]!.open) === count;
};

const PROVIDERS = ['X00001', 'X00002', 'X00003', 'X00009'];
const commissionerOf = (provider: string): string => (provider === 'X00009' ? 'XQB' : 'XQA');
const first = aDeclaration({ organisationCode: 'X00001', serviceCode: 'XDUE', pence: '1000' });
const other = aDeclaration({ organisationCode: 'X00001', serviceCode: 'XDUE2', pence: '2000' });
const alone = aDeclaration({ organisationCode: 'X00002', serviceCode: 'XDUE', pence: '500' });

beforeAll(async () => {
  service = await startServiceUnderTest(messagingCentre);
  second = await messagingCentre.start(service.env);
  await service.know(
    [
      { code: 'XQA', kind: 'commissioner' },
      { code: 'XQB', kind: 'commissioner' },
      ...PROVIDERS.map((code) => ({
        code,
        kind: 'practice' as const,
        commissionerCode: commissionerOf(code),
        ancestors: [commissionerOf(code), 'ENGLAND'],
      })),
    ],
    PROVIDERS.map((code) => ({
      personId: `declarer.${code}`,
      role: 'DECLARATION_MANAGEMENT' as const,
      organisationCode: code,
    })),
  );
  await moveClockTo('2026-10-10', '12:00');
  await service.topics.publish(
    [first, other, alone].map((declaration) => newEvent(DeclarationOpenedV1, { declaration, fact: aFact() })),
  );
  await soon(() => tasks(3));
  // The clocks go back on 25 October: the day of the deadline has 25 hours.
  const deadline = { opensOn: '2026-10-01', providerDeadlineOn: '2026-10-25' };
  await service.topics.publish([
    servicePublished('XDUE', { achievementDate: '2026-09-30', ...deadline }),
    servicePublished('XDUE2', { achievementDate: '2026-09-30', ...deadline }),
  ]);
  await soon(async () => (await service.database.query('SELECT 1 FROM calendar_entry')).rowCount === 2);
});
afterAll(async () => {
  await second?.close();
  await service?.close();
});

describe('reminders of a deadline', () => {
  it('come as one digest for all services of a provider, seven days before, and not a minute earlier', async () => {
    await moveClockTo('2026-10-17', '23:50');
    const looked = await service.database.query('SELECT now() AS at');
    await soon(async () => {
      const { rows } = await service.database.query(
        `SELECT 1 FROM firing WHERE job = 'remind-of-deadlines' AND started_at > $1 AND finished_at IS NOT NULL`,
        [looked.rows[0].at],
      );
      return rows.length > 0;
    });
    expect(await remindersOf('X00001')).toEqual([]);
    await moveClockTo('2026-10-18', '00:01');
    const told = await reminderOf('X00001', '2026-10-25:7');
    expect(told).toMatchObject({ lines: 2, open: { lines: 2, pence: '3000' } });
    expect(told.subject).toBe('2 declarations not declared yet, £30.00: the deadline is 25 October 2026');
    expect(told.address).toEqual({
      page: `/messages/${told.messageId}`,
      api: `/api/v1/messages/${told.messageId}`,
    });
    const single = await reminderOf('X00002', '2026-10-25:7');
    expect(single.address.page).toBe(`/declarations/${alone.declarationId}`);
    expect(await remindersOf('X00003')).toEqual([]);
  });

  it('count what is still to be declared when they are read', async () => {
    await service.topics.publish([
      newEvent(DeclarationDeclaredV1, {
        declaration: { ...first, status: 'AWAITING_COMMISSIONER_APPROVAL', revision: 2 },
        fact: aFact({ actor: 'provider' }),
      }),
    ]);
    const told = await soon(async () => {
      const [one] = await remindersOf('X00001');
      return one?.open.lines === 1 && one;
    });
    expect(told.subject).toContain('1 declaration not declared yet, £20.00');
  });

  it('give the newest step after an outage, not those that were missed', async () => {
    await moveClockTo('2026-10-24', '09:00');
    const told = await reminderOf('X00001', '2026-10-25:1');
    expect(told).toMatchObject({ lines: 1, open: { lines: 1, pence: '2000' } });
    expect((await remindersOf('X00001')).map((one) => one.bucket)).toEqual(['2026-10-25:1', '2026-10-25:7']);
  });

  it('are written once, whoever looks and however often at the same time', async () => {
    const database = new Database({
      url: service.env['DATABASE_URL']!,
      poolSize: 8,
      applicationName: 'spec',
    });
    try {
      const at = { today: () => parseLondonDate('2026-10-22'), now: () => new Date('2026-10-22T08:00:00Z') };
      const replicas = Array.from(
        { length: 8 },
        () => new RemindOfDeadlines(new PgCalendarStore(database), database, at as never),
      );
      await Promise.all(replicas.map((replica) => replica.run()));
      const { rows } = await database.query<{ lines: bigint; growth: bigint }>(
        `SELECT (SELECT count(*) FROM message_line WHERE code = 'DAYS_BEFORE_3') AS lines,
                (SELECT count(*) FROM deadline_step WHERE days_before = 3) AS growth`,
      );
      // Two services on one day; what is not declared: one of X00001, one of X00002.
      expect(rows[0]).toEqual({ lines: 2n, growth: 2n });
      expect((await reminderOf('X00002', '2026-10-25:3')).lines).toBe(1);
    } finally {
      await database.close();
    }
  });

  it('take on a later day of the same step what was not told yet', async () => {
    const late = aDeclaration({ organisationCode: 'X00003', serviceCode: 'XDUE' });
    await service.topics.publish([newEvent(DeclarationOpenedV1, { declaration: late, fact: aFact() })]);
    await soon(() => tasks(3));
    await moveClockTo('2026-10-25', '23:30');
    const told = await reminderOf('X00003', '2026-10-25:1');
    expect(told.lines).toBe(1);
    expect((await reminderOf('X00001', '2026-10-25:1')).lines).toBe(1);
  });

  it('say after the deadline that it has passed, and come no more', async () => {
    await moveClockTo('2026-10-26', '00:01');
    const told = await soon(async () => {
      const [one] = await remindersOf('X00002');
      return one?.subject.includes('not declared by') && one;
    });
    expect(told.subject).toBe('1 declaration not declared by 25 October 2026, £5.00');
    const { rows } = await service.database.query('SELECT max(told_on)::text AS last FROM deadline_step');
    expect(rows[0].last).toBe('2026-10-25');
  });

  it('follow the newest calendar also where an older one comes later in the same batch', async () => {
    const database = new Database({
      url: service.env['DATABASE_URL']!,
      poolSize: 1,
      applicationName: 'spec',
    });
    const dates = { achievementDate: '2026-08-31', opensOn: '2026-09-01' };
    const published = (providerDeadlineOn: string, version: number) =>
      servicePublished('XBATCH', { ...dates, providerDeadlineOn }, version).data as never;
    try {
      await database.transaction((tx) =>
        new PgCalendarStore(database).record(tx, [published('2026-09-28', 2), published('2026-09-25', 1)]),
      );
      const { rows } = await database.query(
        `SELECT provider_deadline_on::text AS due FROM calendar_entry WHERE service_code = 'XBATCH'`,
      );
      expect(rows).toEqual([{ due: '2026-09-28' }]);
    } finally {
      await database.close();
    }
  });

  it('of a deadline that was moved begin anew', async () => {
    await service.topics.publish([
      servicePublished(
        'XDUE',
        { achievementDate: '2026-09-30', opensOn: '2026-10-01', providerDeadlineOn: '2026-10-28' },
        2,
      ),
      // An older version that comes later changes nothing.
      servicePublished(
        'XDUE',
        { achievementDate: '2026-09-30', opensOn: '2026-10-01', providerDeadlineOn: '2026-10-27' },
        1,
      ),
    ]);
    expect((await reminderOf('X00002', '2026-10-28:3')).lines).toBe(1);
  });
});

describe('tasks', () => {
  it('name the deadline and carry the address of their declaration', async () => {
    const { body } = await service.get('declarer.X00002', 'tasks?organisationCode=X00002');
    expect(body.items).toEqual([
      expect.objectContaining({
        kind: 'DECLARE',
        deadlineOn: '2026-10-28',
        address: {
          page: `/declarations/${alone.declarationId}`,
          api: `/api/v1/declarations/${alone.declarationId}`,
        },
      }),
    ]);
  });
});

describe('a freeze', () => {
  const freezeId = uuidV7();
  const period = { freezeId, serviceCode: 'XICE', achievementDate: '2026-09-30', scopeCode: 'XQA' };
  const due = [
    aDeclaration({ organisationCode: 'X00001', serviceCode: 'XICE' }),
    aDeclaration({ organisationCode: 'X00009', serviceCode: 'XICE', commissionerCode: 'XQB' }),
  ] as const;

  it('keeps its own providers from being reminded, and nobody else', async () => {
    await moveClockTo('2026-11-10', '12:00');
    await service.topics.publish([
      ...due.map((declaration) => newEvent(DeclarationOpenedV1, { declaration, fact: aFact() }) as NewEvent),
      newEvent(PeriodFrozenV1, {
        ...period,
        freezeVersion: 1,
        reason: 'A register was extracted wrongly.',
        frozenBy: 'operator',
        frozenAt: '2026-11-10T12:00:00Z',
      }) as NewEvent,
    ]);
    await soon(async () => (await service.database.query('SELECT 1 FROM period_freeze')).rowCount === 1);
    await soon(() => tasks(5));
    await service.topics.publish([
      servicePublished('XICE', {
        achievementDate: '2026-09-30',
        opensOn: '2026-11-01',
        providerDeadlineOn: '2026-11-13',
      }),
    ]);
    await reminderOf('X00009', '2026-11-13:3');
    expect((await remindersOf('X00001')).some((one) => one.bucket === '2026-11-13:3')).toBe(false);
  });

  it('that is thawed with another deadline is reminded of that one', async () => {
    await service.topics.publish([
      newEvent(PeriodThawedV1, {
        ...period,
        freezeVersion: 2,
        thawedBy: 'operator',
        thawedAt: '2026-11-10T13:00:00Z',
        providerDeadlineOn: '2026-11-17',
        cutOffAt: null,
      }) as NewEvent,
    ]);
    expect((await reminderOf('X00001', '2026-11-17:7')).lines).toBe(1);
    expect((await remindersOf('X00001')).some((one) => one.bucket === '2026-11-13:3')).toBe(false);
    const { body } = await service.get('declarer.X00001', 'tasks?organisationCode=X00001');
    expect(body.items.find((task: { serviceCode: string }) => task.serviceCode === 'XICE').deadlineOn).toBe(
      '2026-11-17',
    );
    expect((await remindersOf('X00009')).map((one) => one.bucket)).toEqual(['2026-11-13:3']);
  });
});
