import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { calculated, DATE, servicePublished } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld({ LOG_LEVEL: 'silent' });
}, 90_000);
afterAll(() => world?.service.close());

const LATER = '2026-08-31';
const later = { achievementDate: LATER, opensOn: '2026-09-09' };
const datesOf = async (serviceCode: string): Promise<string[]> => {
  const { rows } = await world.service.database.query(
    'SELECT achievement_date::text AS date FROM calendar_entry WHERE service_code = $1 ORDER BY 1',
    [serviceCode],
  );
  return rows.map((row: { date: string }) => row.date);
};

describe('a calendar that is published without an entry', () => {
  it('leaves it where a declaration rests on it, and the declaration goes on', async () => {
    await world.tell(
      servicePublished('XKEEP'),
      calculated({ serviceCode: 'XKEEP', organisationCode: 'X00001' }),
    );
    const { declaration_id: id } = await world.declarationOf('XKEEP', 'X00001');
    await world.tell(servicePublished('XKEEP', later, 2));
    await soon(async () => (await datesOf('XKEEP')).includes(LATER));
    expect(await datesOf('XKEEP')).toEqual([DATE, LATER]);
    expect((await world.declare(id)).status).toBe(200);
  });

  it('drops it where nothing rests on it', async () => {
    await world.tell(servicePublished('XDROP'));
    await soon(async () => (await datesOf('XDROP')).length === 1);
    await world.tell(servicePublished('XDROP', later, 2));
    await soon(async () => (await datesOf('XDROP'))[0] === LATER);
    expect(await datesOf('XDROP')).toEqual([LATER]);
  });

  it('moves the dates of one that is published again', async () => {
    await world.tell(servicePublished('XMOVE'));
    await world.tell(servicePublished('XMOVE', { deadline: '2099-08-24' }, 2));
    await soon(async () => {
      const { rows } = await world.service.database.query(
        `SELECT FROM calendar_entry WHERE service_code = 'XMOVE' AND provider_deadline_on = '2099-08-24'`,
      );
      return rows.length === 1;
    });
  });
});
