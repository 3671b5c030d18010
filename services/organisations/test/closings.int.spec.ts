import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  eventually,
  startServiceUnderTest,
  type Answer,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';
import { organisations } from '../src/index.js';
import { WINTER_2026 } from './clock.js';
import { aFile } from './files.js';

const OPERATOR = 'first-operator';
let service: ServiceUnderTest;
let memberships: readonly SeenEvent[];

const send = (layout: string, asAt: string, body: string): Promise<Answer> =>
  service.post(OPERATOR, `organisation-files?layout=${layout}&asAt=${asAt}&fileName=${layout}.csv`, body, {
    'content-type': 'text/csv',
  });
const practice = (code: string, closedOn?: string) => ({
  practice_code: code,
  icb_code: 'QX1',
  sub_icb_code: '01X',
  ...(closedOn ? { close_date: closedOn, status: 'C' } : {}),
});
const practices = (asAt: string, ...closed: [code: string, on: string][]) => {
  const on = new Map(closed);
  return send(
    'practices',
    asAt,
    aFile(
      'practices',
      ['X00001', 'X00002', 'X00003'].map((code) => practice(code, on.get(code))),
    ),
  );
};
const spellsOf = async (code: string): Promise<unknown> =>
  (await service.get(OPERATOR, `practices/${code}/memberships`)).body.map(
    ({ pcnCode, from, to }: { pcnCode: string; from: string; to: string | null }) => [pcnCode, from, to],
  );
/** Waits until the PCN has been told so: the next step counts what is told after it. */
const toldVersion = (version: number) =>
  eventually(() => memberships.some(({ data }) => data.membershipVersion === version));

beforeAll(async () => {
  service = await startServiceUnderTest(organisations, { BOOTSTRAP_OPERATOR_ID: OPERATOR }, WINTER_2026);
  memberships = await service.topics.collect('pcn-memberships');
  await practices('2025-04-23');
  await send('pcns', '2024-10-01', aFile('pcns', [{ pcn_code: 'U00001', sub_icb_code: '01X' }]));
  await send(
    'pcn-memberships',
    '2024-10-01',
    aFile(
      'pcn-memberships',
      ['X00001', 'X00002', 'X00003'].map((code) => ({
        practice_code: code,
        practice_sub_icb_code: '01X',
        pcn_code: 'U00001',
        start_date: '2019-10-01',
      })),
    ),
  );
});
afterAll(() => service.close());

describe('a practice that closes', () => {
  it('leaves its PCN on that day, and the PCN is told as if somebody had recorded it', async () => {
    const answer = await practices('2026-07-01', ['X00001', '2026-07-19']);
    expect(answer.body.notes).toMatchObject({ organisationsClosed: 1, pcnsLeft: 1 });
    const left = await eventually(() =>
      memberships.find(({ type }) => type === 'pcn-membership.practice-left.v1'),
    );
    expect(left.data).toMatchObject({
      pcnCode: 'U00001',
      membershipVersion: 2,
      changedPractices: ['X00001'],
      // The first day on which it is closed.
      changedFrom: '2026-07-20',
    });
    expect(await spellsOf('X00001')).toEqual([['U00001', '2019-10-01', '2026-07-20']]);
  });

  it('stays out of it whatever an older history says of its later days', async () => {
    const answer = await send(
      'pcn-memberships',
      '2024-10-01',
      aFile(
        'pcn-memberships',
        ['X00001', 'X00002', 'X00003'].map((code) => ({
          practice_code: code,
          practice_sub_icb_code: '01X',
          pcn_code: 'U00001',
          start_date: '2019-10-02',
        })),
      ),
    );
    expect(answer.status).toBe(201);
    await toldVersion(3);
    expect(await spellsOf('X00001')).toEqual([['U00001', '2019-10-02', '2026-07-20']]);
  });

  it('on another date by a corrected file is a member until then', async () => {
    const answer = await practices('2026-07-02', ['X00001', '2026-08-31'], ['X00002', '2026-08-31']);
    expect(answer.body.notes).toMatchObject({ pcnsCorrected: 1 });
    await toldVersion(4);
    expect(await spellsOf('X00001')).toEqual([['U00001', '2019-10-02', '2026-09-01']]);
    expect(await spellsOf('X00002')).toEqual([['U00001', '2019-10-02', '2026-09-01']]);
  });

  it('changes nothing when the same is said again', async () => {
    const seen = memberships.length;
    expect(
      (await practices('2026-07-03', ['X00001', '2026-08-31'], ['X00002', '2026-08-31'])).body.changed,
    ).toBe(0);
    expect(memberships).toHaveLength(seen);
  });
});
