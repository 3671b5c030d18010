import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
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
beforeAll(async () => {
  aggregation = await startAggregation();
  await aggregation.know(
    [
      { code: 'ENGLAND', kind: 'national', ancestors: [] },
      { code: 'A90001', kind: 'practice', registeredPatients: 10_000 },
    ],
    [],
  );
}, 60_000);
afterAll(() => aggregation?.close());

const last = () => aggregation.said('VAX', 'A90001').at(-1);

describe('a calendar that is published without a date', () => {
  it('goes on making figures of it where some were told', async () => {
    await aggregation.tell(
      published(aService({ dates: ['2026-06-30', DATE] })),
      participating('VAX', ['A90001']),
      pageOf('A90001', [1]),
    );
    await eventually(() => last()?.data.pence === '1006');
    await aggregation.tell(published(aService({ dates: ['2026-08-31'] }), 2));
    await eventually(async () => {
      const { rows } = await aggregation.database.query(
        'SELECT achievement_dates::text[] AS dates FROM quality_service WHERE service_version = 2',
      );
      return rows.length === 1 && rows[0].dates.join() === `${DATE},2026-08-31`;
    });
    await aggregation.tell(pageOf('A90001', [2], { pageVersion: 2 }));
    await eventually(() => last()?.data.pence === '2012');
    expect(last()).toMatchObject({ data: { achievementDate: DATE } });
  });
});
