import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { agencyPublished, calculated, membership, servicePublished, stageRefused } from './neighbours.js';
import { startWorld, type World } from './world.js';

interface Row {
  readonly at: string;
  readonly declarationId: string;
  readonly revision: number;
  readonly serviceCode: string;
  readonly action: string;
  readonly personId: string | null;
  readonly pence: string;
  readonly previousPence: string | null;
  readonly reason: string | null;
  readonly label: string;
  readonly holds: { code: string }[];
}

let world: World;
let practiceId: string;
beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    servicePublished('XHISA'),
    servicePublished('XHISB', { dependsOn: ['page', 'membership'] }),
    agencyPublished(),
  );
  await world.tell(
    calculated({ serviceCode: 'XHISA', organisationCode: 'X00001' }),
    calculated({ serviceCode: 'XHISA', organisationCode: 'X00002' }),
    calculated({ serviceCode: 'XHISB', organisationCode: 'XP1' }),
    calculated({ serviceCode: 'XHISA', organisationCode: 'XP1' }),
  );
  practiceId = (await world.declarationOf('XHISA', 'X00001')).declaration_id;
  await world.declarationOf('XHISA', 'X00002');
  await world.declarationOf('XHISB', 'XP1');
  await world.declarationOf('XHISA', 'XP1');
  await world.declare(practiceId);
  await world.tell(stageRefused(practiceId, 'commissioner', 'approver'));
  await world.byId(practiceId, (row) => row.status === 'AWAITING_PROVIDER_APPROVAL' && row.revision === '3');
  await world.tell(
    calculated({ serviceCode: 'XHISA', organisationCode: 'X00001', figureRevision: 2, pence: '20120' }),
  );
  await world.byId(practiceId, (row) => row.pence === '20120');
  await world.tell(membership('left', 'XP1', 2));
  await world.declarationOf('XHISB', 'XP1', (row) => row.holds.length === 1);
});
afterAll(() => world?.service.close());

const historyOf = async (code: string, more = '', person = 'declarer'): Promise<Row[]> =>
  (await world.service.get(person, `providers/${code}/declaration-history?${more}`)).body.items;

describe("a provider's payment declaration history", () => {
  it('shows every status, figure, reason and person of all its declarations, newest first', async () => {
    const rows = await historyOf('X00001');
    expect(rows.map((row) => row.action)).toEqual(['recalculate', 'refuse', 'declare', 'open']);
    expect(rows[0]).toMatchObject({
      pence: '20120',
      previousPence: '10060',
      label: 'Awaiting Service Provider Approval',
    });
    expect(rows[1]).toMatchObject({ personId: 'approver', reason: 'The count looks too high.' });
    expect(rows[2]).toMatchObject({
      personId: 'declarer',
      label: 'Awaiting Commissioning Organisation Approval',
    });
    expect(rows.every((row) => row.declarationId === practiceId && row.at !== null)).toBe(true);
  });

  it('shows what is on hold, and why', async () => {
    const [newest] = await historyOf('XP1');
    expect(newest).toMatchObject({
      action: 'hold',
      label: 'On Hold',
      holds: [{ code: 'PCN_PRACTICE_LEFT' }],
    });
  });

  it('is narrowed by service and achievement date', async () => {
    expect((await historyOf('XP1', 'serviceCode=XHISB')).map((row) => row.serviceCode)).toEqual([
      'XHISB',
      'XHISB',
    ]);
    expect(await historyOf('XP1', 'achievementDate=2026-07-31')).toHaveLength(3);
    expect(await historyOf('XP1', 'achievementDate=2026-06-30')).toEqual([]);
  });

  it('is read page by page, nothing twice and nothing left out', async () => {
    const whole = await historyOf('X00001');
    const paged: Row[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await world.service.get(
        'declarer',
        `providers/X00001/declaration-history?limit=1${cursor && `&cursor=${cursor}`}`,
      );
      paged.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(paged).toEqual(whole);
  });

  it('is given as CSV, with the next cursor in a header', async () => {
    const answer = await world.service.get('declarer', 'providers/X00001/declaration-history?limit=3', {
      accept: 'text/csv',
    });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    expect(answer.headers.get('next-cursor')).toBeTruthy();
    const lines = (answer.body as string).trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^at,declaration_id,revision,kind,service_code/);
    expect(lines[2]).toContain('The count looks too high.');
  });

  it('is seen by its commissioner and the national operator', async () => {
    for (const person of ['approver', 'operator'])
      expect(await historyOf('X00001', '', person)).toHaveLength(4);
  });

  it.each(['neighbour', 'foreigner'])('is not shown to a %s', async (person) => {
    const answer = await world.service.get(person, 'providers/X00001/declaration-history');
    expect(answer.status).toBe(404);
    expect(answer.body.code).toBe('ORGANISATION_UNKNOWN');
  });

  const bad = [
    ['X00001', 'limit=0', 400],
    ['X00001', 'limit=501', 400],
    ['X00001', 'cursor=nonsense', 400],
    ['X00001', `cursor=${Buffer.from('["yesterday","x","1"]').toString('base64url')}`, 400],
    ['X00001', 'achievementDate=2026-02-30', 400],
    ['X00001', 'unknown=1', 400],
    ['not a code', '', 400],
  ] as const;
  it.each(bad)('of %s with %s is refused', async (code, query, status) => {
    const answer = await world.service.get(
      'declarer',
      `providers/${encodeURIComponent(code)}/declaration-history?${query}`,
    );
    expect(answer.status).toBe(status);
    expect(answer.body.code).toMatch(/^[A-Z_]+$/);
  });
});
