import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
import {
  aService,
  coreFunding,
  DATE,
  membership,
  OPERATOR,
  pageOf,
  participating,
  published,
  spell,
  startAggregation,
  type AggregationUnderTest,
} from './aggregation-under-test.js';

let aggregation: AggregationUnderTest;
beforeAll(async () => {
  aggregation = await startAggregation();
  await aggregation.know(
    [
      { code: 'ENGLAND', kind: 'national', ancestors: [] },
      { code: 'U90001', kind: 'pcn' },
      { code: 'A90001', kind: 'practice', registeredPatients: 10_000 },
      { code: 'A90002', kind: 'practice', registeredPatients: 20_000 },
    ],
    [{ personId: OPERATOR, role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' }],
  );
  await aggregation.tell(
    published(aService()),
    published(coreFunding()),
    participating('VAX', ['A90001', 'A90002']),
    participating('CORE', ['U90001']),
    membership('U90001', 1, [spell('A90001')]),
    pageOf('A90001', [1]),
    pageOf('A90002', [2]),
  );
  await eventually(
    () => last('VAX', 'A90001')?.data.pence === '1006' && last('VAX', 'A90002')?.data.pence === '2012',
  );
  await eventually(() => last('CORE', 'U90001')?.data.pence === '125000');
});
afterAll(() => aggregation.close());

const last = (serviceCode: string, organisationCode: string) =>
  aggregation.said(serviceCode, organisationCode).at(-1);
const replay = (topic: string, key: string, more: object = {}) =>
  aggregation.post(OPERATOR, 'operations/dead-letters/replay', { topic, key, reason: 'repaired', ...more });

describe('a page that cannot be read', () => {
  it('blocks the achievements of its practice, and those alone', async () => {
    const broken = pageOf('A90001', [3], { pageVersion: 2 });
    await aggregation.tell({ ...broken, data: { ...broken.data, values: ['three'] } });
    await eventually(() => last('VAX', 'A90001')!.type === 'achievement.blocked.v1');
    const figures = aggregation.said('VAX', 'A90001').length - 1;
    expect(last('VAX', 'A90001')!.data).toMatchObject({
      figureRevision: figures,
      closesAtRevision: figures + 1,
      code: 'UPSTREAM_EVENT_PARKED',
      cause: { topic: 'submissions', key: 'A90001' },
    });
    expect(last('VAX', 'A90002')!.type).toBe('achievement.calculated.v1');
    expect(last('CORE', 'U90001')!.type).toBe('achievement.calculated.v1');
    const { body } = await aggregation.get(OPERATOR, `achievements/VAX/${DATE}/A90001`);
    expect(body).toMatchObject({ blockedCode: 'UPSTREAM_EVENT_PARKED', pence: '1006' });
  });

  it('keeps them blocked whatever else changes, so that no other figure ends the wait', async () => {
    await aggregation.tell(participating('VAX', ['A90001', 'A90002'], { version: 2 }));
    await eventually(() => last('VAX', 'A90002')!.data.inputs[1].version === 2);
    expect(last('VAX', 'A90001')!.type).toBe('achievement.blocked.v1');
    // A later page of the key waits behind the broken one.
    await aggregation.tell(pageOf('A90001', [4], { pageVersion: 3 }));
    await eventually(
      async () => (await aggregation.database.query('SELECT FROM parked_event')).rowCount === 1,
    );
    expect(last('VAX', 'A90001')!.type).toBe('achievement.blocked.v1');
  });

  it('frees them when it is discarded: what waited behind it counts', async () => {
    const answer = await replay('submissions', 'A90001', { discard: true });
    expect(answer.status).toBe(200);
    await eventually(() => last('VAX', 'A90001')!.type === 'achievement.calculated.v1');
    expect(last('VAX', 'A90001')!.data.pence).toBe('4024');
    const { body } = await aggregation.get(OPERATOR, `achievements/VAX/${DATE}/A90001`);
    expect(body).toMatchObject({ blockedCode: null, pence: '4024' });
  });
});

describe('a membership that cannot be read', () => {
  it('blocks the achievements of its PCN until it is settled, also one that begins meanwhile', async () => {
    const broken = membership('U90001', 2, [spell('A90001'), spell('A90002')]);
    await aggregation.tell({ ...broken, data: { ...broken.data, changedFrom: 'yesterday' } });
    await eventually(() => last('CORE', 'U90001')!.type === 'achievement.blocked.v1');
    const closesAt = last('CORE', 'U90001')!.data.closesAtRevision as number;
    await aggregation.tell(
      published(coreFunding({ serviceCode: 'CLIN' })),
      participating('CLIN', ['U90001']),
    );
    expect((await eventually(() => last('CLIN', 'U90001'))).data).toMatchObject({
      figureRevision: 0,
      closesAtRevision: 1,
      code: 'UPSTREAM_EVENT_PARKED',
    });
    expect((await replay('pcn-memberships', 'U90001', { discard: true })).body).toMatchObject({
      discarded: 1,
      failed: [],
    });
    await eventually(() => last('CORE', 'U90001')!.data.figureRevision === closesAt);
    await eventually(() => last('CLIN', 'U90001')!.data.pence === '125000');
    expect(last('CORE', 'U90001')!.data.pence).toBe('125000');
  });
});
