import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, republished } from '@attest/testing';
import {
  aService,
  DATE,
  pageOf,
  participating,
  published,
  startAggregation,
  type AggregationUnderTest,
} from './aggregation-under-test.js';

let aggregation: AggregationUnderTest;
const last = (organisationCode: string) => aggregation.said('VAX', organisationCode).at(-1);

beforeAll(async () => {
  aggregation = await startAggregation();
  await aggregation.know(
    ['A90001', 'A90002', 'A90003'].map((code) => ({ code, kind: 'practice' })),
    [],
  );
  await aggregation.tell(
    published(aService()),
    participating('VAX', ['A90001', 'A90002']),
    pageOf('A90001', [1]),
    pageOf('A90001', [2], { pageVersion: 2 }),
    pageOf('A90002', [3]),
    pageOf('A90003', [4]),
  );
  await eventually(() => last('A90001')?.data.pence === '2012' && last('A90002')?.data.pence === '3018');
  await eventually(() => last('A90003')?.type === 'achievement.not-applicable.v1');
  // What waits behind a page that cannot be read is blocked.
  const broken = pageOf('A90002', [4], { pageVersion: 2 });
  await aggregation.tell({ ...broken, data: { ...broken.data, values: ['four'] } });
  await eventually(() => last('A90002')!.type === 'achievement.blocked.v1');
});
afterAll(() => aggregation?.close());

it('figures are told again as they were told last, and the marker that is open behind them', async () => {
  const told = await republished(aggregation, 'achievements');
  const figures = (organisation: string) =>
    aggregation.said('VAX', organisation).findLast(({ type }) => !/blocked|awaiting/.test(type))!;
  expect(told.map(({ type, key, data }) => ({ type, key, data }))).toEqual([
    ...['A90001', 'A90002'].map((organisation) => {
      const { type, key, data } = figures(organisation);
      return { type, key, data };
    }),
    {
      type: 'achievement.blocked.v1',
      key: `VAX|${DATE}|A90002`,
      data: { ...last('A90002')!.data, cause: null },
    },
    (({ type, key, data }) => ({ type, key, data }))(figures('A90003')),
  ]);
  const some = await republished(aggregation, 'achievements', [`VAX|${DATE}|A90001`]);
  expect(some.map(({ key, version }) => [key, version])).toEqual([
    [`VAX|${DATE}|A90001`, figures('A90001').data.figureRevision],
  ]);
});
