import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BusinessClockMovedV1, newEvent, type NewEvent } from '@attest/contracts';
import { calculated, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.service.close());

let clockVersion = 0;
async function moveClock(to: Date): Promise<void> {
  const version = ++clockVersion;
  const offsetMs = to.getTime() - Date.now();
  await world.tell(
    newEvent(BusinessClockMovedV1, {
      offsetMs,
      movedAt: new Date().toISOString(),
      clockVersion: version,
    }) as NewEvent,
  );
  await soon(async () => {
    const { rows } = await world.service.database.query('SELECT version FROM business_clock');
    return Number(rows[0]?.version) === version;
  });
}

const MINUTES_BEFORE = 5;

/** The provider deadline of the payment calendar is a day in London, to its end (design §5 rule 6). */
describe('the day of the deadline', () => {
  it.each([
    ['the day before clocks go forward', 'XMARA', '2027-03-27', '2027-03-28T00:00:00Z'],
    ['the day on which clocks go forward', 'XMARB', '2027-03-28', '2027-03-28T23:00:00Z'],
    ['the day before clocks go back', 'XOCTA', '2027-10-30', '2027-10-30T23:00:00Z'],
    ['the day on which clocks go back', 'XOCTB', '2027-10-31', '2027-11-01T00:00:00Z'],
  ])('ends at midnight in London, also on %s', async (_, serviceCode, deadline, midnight) => {
    await world.tell(
      servicePublished(serviceCode, { deadline, cutOffAt: '2027-12-01T17:00:00Z' }),
      calculated({ serviceCode, organisationCode: 'X00001' }),
      calculated({ serviceCode, organisationCode: 'X00002' }),
    );
    const { declaration_id: inTime } = await world.declarationOf(serviceCode, 'X00001');
    const { declaration_id: late } = await world.declarationOf(serviceCode, 'X00002');
    const end = new Date(midnight);

    await moveClock(new Date(end.getTime() - MINUTES_BEFORE * 60_000));
    expect((await world.declare(inTime)).body).toMatchObject({ code: 'DECLARED', late: false });
    expect(await world.byId(inTime, () => true)).toMatchObject({ late: false, payment_period: '2026-08' });
    const { rows } = await world.service.database.query(
      `SELECT at < $2 AND at >= $2::timestamptz - make_interval(mins => $3) AS "lastMinutes"
       FROM declaration_history WHERE declaration_id = $1 AND action = 'declare'`,
      [inTime, end, MINUTES_BEFORE],
    );
    expect(rows).toEqual([{ lastMinutes: true }]);

    await moveClock(end);
    const why = () => world.service.get('declarer', `declarations/${late}/why`);
    await soon(async () => (await why()).body.code === 'NOT_DECLARED_BY_DEADLINE');
    const refused = await world.declare(late);
    expect([refused.status, refused.body.code]).toEqual([422, 'LATE_REASON_MISSING']);
    expect(await world.byId(late, () => true)).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL' });
    const declared = await world.declare(late, { lateReason: 'The line was down until midnight.' });
    expect(declared.body).toMatchObject({ code: 'DECLARED', late: true });
    const row = await world.byId(late, () => true);
    expect(row.late).toBe(true);
    expect(row.payment_period > '2026-08').toBe(true);
  });
});
