import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { londonInstant, parseLondonDate } from '@attest/calendar';
import { uuidV7, type DeclarationState, type Hold } from '@attest/contracts';
import { aDeclaration } from './events.js';
import { MessageDatabase, type Dates } from './message-database.js';

let world: MessageDatabase;
let next = 0;
const OCTOBER = { achievementDate: '2026-09-30', opensOn: '2026-10-01', providerDeadlineOn: '2026-10-24' };

beforeAll(async () => {
  world = await MessageDatabase.create();
}, 60_000);
afterAll(() => world?.close());

/** A declaration of a service of its own, opened with its first figures. */
async function opened(changes: Partial<DeclarationState> = {}, dates?: Dates): Promise<DeclarationState> {
  next++;
  const d = aDeclaration({ serviceCode: `XRDY${next}`, organisationCode: `X0001${next}`, ...changes });
  if (dates) await world.published(d.serviceCode, dates);
  await world.happened(['opened', d]);
  return d;
}
const on = (date: string, time = '12:00'): void => {
  world.at = londonInstant(parseLondonDate(date), time);
};
async function toldReady(d: DeclarationState) {
  await world.tellWhatIsReady();
  const told = await world.messagesOf(d.organisationCode);
  return told.filter(({ kind }) => kind === 'READY_TO_DECLARE');
}

describe('a calendar that is published without an entry', () => {
  it('leaves it where somebody has a task of it, with its deadline', async () => {
    on('2026-10-02');
    const d = await opened({}, OCTOBER);
    await world.published(d.serviceCode, { ...OCTOBER, achievementDate: '2026-10-31' }, 2);
    expect(await world.tasksOf(d.organisationCode)).toEqual([
      expect.objectContaining({ kind: 'DECLARE', deadlineOn: '2026-10-24' }),
    ]);
  });
});

describe('that it is ready to declare', () => {
  it('is told, and is a task, on the day that its window opens and not with its figures', async () => {
    on('2026-09-30', '23:59');
    const d = await opened({}, OCTOBER);
    expect(await toldReady(d)).toEqual([]);
    expect(await world.tasksOf(d.organisationCode)).toEqual([]);
    on('2026-10-01', '00:00');
    const [message] = await toldReady(d);
    expect(message).toMatchObject({
      lines: 1,
      bucket: d.paymentPeriod,
      pence: 12_072n,
      address: { page: `/declarations/${d.declarationId}` },
      nextStep:
        'Check the figures and declare them by the end of 24 October 2026; later they join a later run.',
    });
    expect(await world.tasksOf(d.organisationCode)).toEqual([
      expect.objectContaining({ kind: 'DECLARE', declarationKind: 'achievement', deadlineOn: '2026-10-24' }),
    ]);
  });

  // The day begins at midnight in London, whatever UTC says; clocks change on 29 March and 25 October 2026.
  it.each([
    ['2026-03-29', '2026-03-28T23:59:59Z', '2026-03-29T00:00:00Z'],
    ['2026-03-30', '2026-03-29T22:59:59Z', '2026-03-29T23:00:00Z'],
    ['2026-10-25', '2026-10-24T22:59:59Z', '2026-10-24T23:00:00Z'],
    ['2026-10-26', '2026-10-25T23:59:59Z', '2026-10-26T00:00:00Z'],
  ])('is told from midnight of %s in London on', async (opensOn, before, after) => {
    world.at = new Date(before);
    const d = await opened({}, { ...OCTOBER, opensOn, providerDeadlineOn: '2026-11-30' });
    expect(await toldReady(d)).toEqual([]);
    world.at = new Date(after);
    expect(await toldReady(d)).toHaveLength(1);
  });

  it('is told at once where its window is open, once, however often its opening comes', async () => {
    on('2026-10-05');
    const d = await opened({}, OCTOBER);
    expect((await toldReady(d))[0]!.lines).toBe(1);
    await world.happened(['opened', d]);
    await world.happened(['refused', { ...d, revision: 4 }, { reason: 'Too high.' }]);
    expect((await toldReady(d))[0]!.lines).toBe(1);
  });

  it('is told when the calendar comes after the figures', async () => {
    on('2026-10-05');
    const d = await opened();
    expect(await toldReady(d)).toEqual([]);
    expect(await world.tasksOf(d.organisationCode)).toEqual([]);
    await world.published(d.serviceCode, OCTOBER);
    expect(await toldReady(d)).toHaveLength(1);
  });

  it('waits for figures that are being added up', async () => {
    on('2026-10-05');
    const d = await opened({ awaitingAggregation: true }, OCTOBER);
    expect(await toldReady(d)).toEqual([]);
    await world.happened(['refigured', { ...d, awaitingAggregation: false, revision: 2 }]);
    expect(await toldReady(d)).toHaveLength(1);
  });

  it('waits for the end of a hold', async () => {
    on('2026-10-05');
    const d = await opened({ holds: [{ code: 'BY_HAND' } as Hold] }, OCTOBER);
    expect(await toldReady(d)).toEqual([]);
    await world.happened(['released', { ...d, holds: [], revision: 2 }]);
    expect(await toldReady(d)).toHaveLength(1);
  });

  it('waits for the thaw of a frozen period, and is no task until then', async () => {
    on('2026-10-05');
    const freezeId = uuidV7();
    const serviceCode = `XICE${next}`;
    await world.froze({ freezeId, serviceCode, version: 1, frozen: true });
    const d = await opened({ serviceCode }, OCTOBER);
    expect(await toldReady(d)).toEqual([]);
    expect(await world.tasksOf(d.organisationCode)).toEqual([]);
    await world.froze({ freezeId, serviceCode, version: 2, frozen: false });
    expect(await toldReady(d)).toHaveLength(1);
    expect(await world.tasksOf(d.organisationCode)).toHaveLength(1);
  });

  it('is told to nobody where the system declares, unless that policy ends before', async () => {
    on('2026-10-05');
    const route = { declaration: 'not-required', tiers: [], tierDue: null, finance: 'required' } as const;
    const d = await opened({ approvalRoute: { ...route, tiers: [] } }, OCTOBER);
    expect(await toldReady(d)).toEqual([]);
    const { approvalRoute: _, ...required } = d;
    await world.happened(['refigured', { ...required, revision: 2 }]);
    expect(await toldReady(d)).toHaveLength(1);
  });

  it('is gathered by the payment period that it has then', async () => {
    on('2026-09-30');
    const d = await opened({}, OCTOBER);
    await world.happened([
      'refigured',
      { ...d, paymentPeriod: '2026-11', revision: 2 },
      { code: 'CALENDAR_CHANGED' },
    ]);
    on('2026-10-01');
    expect((await toldReady(d))[0]!.bucket).toBe('2026-11');
  });

  const GONE: [string, Partial<DeclarationState>][] = [
    ['declared', { status: 'AWAITING_COMMISSIONER_APPROVAL' }],
    ['lapsed', { status: 'LAPSED' }],
  ];
  it.each(GONE)('is not told of what was %s meanwhile, also when that comes back', async (name, changes) => {
    on('2026-10-05');
    const d = aDeclaration({ serviceCode: `XGONE${++next}`, organisationCode: `X0002${next}` });
    await world.published(d.serviceCode, OCTOBER);
    const gone = { ...d, ...changes, revision: 2 };
    await world.happened(['opened', d]);
    await world.happened([name, gone, { from: 'AWAITING_PROVIDER_APPROVAL' }]);
    await world.happened(['refused', { ...d, revision: 3 }, { reason: 'Too high.' }]);
    expect(await toldReady(d)).toEqual([]);
  });

  it('is told of each of the thousands that one day makes ready', async () => {
    on('2026-09-30');
    await world.published('XMANY', OCTOBER);
    const many = Array.from({ length: 12_000 }, (_, at) =>
      aDeclaration({ serviceCode: 'XMANY', organisationCode: `X3${1_000 + (at % 400)}`, pence: '1' }),
    );
    await world.happened(...many.map((d): [string, DeclarationState] => ['opened', d]));
    on('2026-10-01');
    await world.tellWhatIsReady();
    const { rows } = await world.database.query(
      `SELECT count(*)::int AS lines, count(DISTINCT subject_id)::int AS declarations FROM message_line
        WHERE service_code = 'XMANY'`,
    );
    expect(rows).toEqual([{ lines: 12_000, declarations: 12_000 }]);
    expect((await toldReady(many[0]!))[0]).toMatchObject({ lines: 30, pence: 30n });
  });
});

describe('what is ready after its deadline', () => {
  it('is asked for as late, with a reason, and names no deadline to come', async () => {
    on('2026-10-25');
    const d = await opened({}, OCTOBER);
    const [message] = await toldReady(d);
    expect(message!.nextStep).toMatch(/^The deadline has passed: declare them now and say why they are late/);
    expect(message!.open).toMatchObject({ firstDeadlineOn: '2026-10-24', lastDeadlineOn: '2026-10-24' });
  });

  it('is asked for in one digest with what is in time, each by its own deadline', async () => {
    on('2026-10-25');
    const late = await opened({}, OCTOBER);
    const { organisationCode } = late;
    await opened({ organisationCode }, { ...OCTOBER, providerDeadlineOn: '2026-10-31' });
    const [message] = await toldReady(late);
    expect(message).toMatchObject({
      lines: 2,
      nextStep: expect.stringContaining('The deadline of some has passed'),
    });
  });
});
