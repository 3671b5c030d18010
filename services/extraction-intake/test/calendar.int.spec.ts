import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newEvent, QualityServicePublishedV1 } from '@attest/contracts';
import { eventually } from '@attest/testing';
import { aVaccination, cqrsRow, startIntake, type IntakeUnderTest } from './intake-under-test.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake({ LOG_LEVEL: 'silent' });
}, 60_000);
afterAll(() => intake?.close());

describe('a calendar that is published without its dates', () => {
  it('leaves those of which pages stand, and drops the others', async () => {
    expect((await intake.cqrs([cqrsRow({ date: '20260731', value: 1 })], 'july.csv')).status).toBe(201);
    const [first] = aVaccination().calendar;
    const service = { ...aVaccination(), calendar: [{ ...first!, achievementDate: '2026-08-31' }] };
    await intake.topics.publish([newEvent(QualityServicePublishedV1, { service, serviceVersion: 2 })]);
    await eventually(async () => {
      const { rows } = await intake.database.query(
        `SELECT FROM quality_service WHERE service_code = 'VAX' AND service_version = 2`,
      );
      return rows.length === 1;
    });
    const { rows } = await intake.database.query(
      `SELECT achievement_dates::text[] AS dates, cut_offs ? '2026-07-31' AS "hasCutOff"
         FROM quality_service WHERE service_code = 'VAX'`,
    );
    expect(rows).toEqual([{ dates: ['2026-07-31', '2026-08-31'], hasCutOff: true }]);
    const again = await intake.cqrs(
      [cqrsRow({ date: '20260731', submitTime: '23:00:00', value: 2 })],
      'july2.csv',
    );
    expect(again).toMatchObject({ status: 201, body: { counts: { rowsTaken: 1, rowsRejected: 0 } } });
  });
});
