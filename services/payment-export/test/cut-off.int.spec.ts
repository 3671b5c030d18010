import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BusinessClockMovedV1, newEvent, type NewEvent } from '@attest/contracts';
import { eventually } from '@attest/testing';
import {
  aDeclaration,
  calendarEntry,
  practice,
  servicePublished,
  startPaymentsWorld,
  type PaymentsWorld,
} from './payments-world.js';

const EARLY = '2031-09-01T16:00:00.000Z';
const LATE = '2031-09-01T17:00:00.000Z';
const PERIOD = '2031-08';
const DATE = '2031-07-31';

let world: PaymentsWorld;
let moves = 0;
beforeAll(async () => {
  world = await startPaymentsWorld();
  const entry = (cutOffAt: string) =>
    calendarEntry({ paymentPeriod: PERIOD, achievementDate: DATE, cutOffAt, payOn: '2031-09-20' });
  await world.neighbours.publish([
    servicePublished('XEARLY', { calendar: [entry(EARLY)] }),
    servicePublished('XLATE', { calendar: [entry(LATE)] }),
    servicePublished('XOLD', {
      calendar: [
        calendarEntry({
          paymentPeriod: '2031-07',
          achievementDate: DATE,
          cutOffAt: '2031-08-20T16:00:00.000Z',
        }),
      ],
    }),
  ]);
  await eventually(async () => {
    const { rows } = await world.service.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM service_routing WHERE service_code IN ('XEARLY', 'XLATE', 'XOLD')`,
    );
    return rows[0]!.n === 3;
  });
});
afterAll(() => world?.close());

async function moveClock(to: string): Promise<void> {
  await world.neighbours.publish([
    newEvent(BusinessClockMovedV1, {
      offsetMs: new Date(to).getTime() - Date.now(),
      movedAt: new Date().toISOString(),
      clockVersion: ++moves,
    }) as unknown as NewEvent,
  ]);
}
const runs = async () => (await world.service.get('operator', 'release-runs')).body.items;

describe('the cut-off of the calendar', () => {
  it('starts its run by itself when it passes, once, and pays what is due by then', async () => {
    const [early, late] = ['XEARLY', 'XLATE'].map((serviceCode) =>
      aDeclaration({
        organisationCode: practice(0),
        serviceCode,
        paymentPeriod: PERIOD,
        achievementDate: DATE,
      }),
    );
    await world.approve(early!, late!);
    await moveClock('2031-09-01T15:59:56.000Z');
    const run = await eventually(async () => (await runs())[0], { withinMs: 20_000 });
    expect(run).toMatchObject({ paymentPeriod: PERIOD, cutOffAt: EARLY, requestedBy: 'calendar' });
    // The other service's own cut-off is still to come.
    expect(await world.ended(run.runId as string)).toMatchObject({ listed: 1, included: 1 });
    expect(world.told(late!.declarationId)).toEqual([]);
    await moveClock('2031-09-01T16:59:58.000Z');
    const next = await eventually(
      async () => (await runs()).find((one: { cutOffAt: string }) => one.cutOffAt === LATE),
      {
        withinMs: 20_000,
      },
    );
    expect(await world.ended(next.runId as string)).toMatchObject({ listed: 1, included: 1 });
    expect(await runs()).toHaveLength(2);
  });

  it('that passed more than a day ago starts nothing', async () => {
    expect(
      (await runs()).filter((run: { paymentPeriod: string }) => run.paymentPeriod === '2031-07'),
    ).toEqual([]);
  });

  it('has its run even while another one is under way: after it', async () => {
    await world.neighbours.publish([
      servicePublished('XTHIRD', {
        calendar: [
          calendarEntry({
            paymentPeriod: PERIOD,
            achievementDate: DATE,
            cutOffAt: '2031-09-01T18:00:00.000Z',
          }),
        ],
      }),
    ]);
    world.neighbours.barriersPass = false;
    const { body } = await world.startRun({ paymentPeriod: PERIOD, limitSeconds: 3 });
    await moveClock('2031-09-01T18:00:01.000Z');
    await world.ended(body.runId as string);
    world.neighbours.barriersPass = true;
    const run = await eventually(
      async () =>
        (await runs()).find((one: { cutOffAt: string }) => one.cutOffAt === '2031-09-01T18:00:00.000Z'),
      { withinMs: 20_000 },
    );
    expect(await world.ended(run.runId as string)).toMatchObject({ state: 'sealed' });
  });
});
