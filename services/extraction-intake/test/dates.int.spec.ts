import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  aVaccination,
  cqrsRow,
  OPERATOR,
  qofFile,
  startIntake,
  type IntakeUnderTest,
} from './intake-under-test.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake();
  const service = aVaccination();
  const [entry] = service.calendar;
  await intake.publish(
    {
      ...service,
      serviceCode: 'VAXDATES',
      startOn: '2024-04-01',
      calendar: ['2025-03-31', '2025-04-01', '2026-08-15', '2026-08-16'].map((achievementDate) => ({
        ...entry!,
        achievementDate,
      })),
    },
    1,
  );
});
afterAll(() => intake.close());

const codesOf = async (fileId: unknown) => (await intake.rejected(fileId as string)).map((row) => row.code);

describe('a submission cannot lie after its receipt', () => {
  it('so a year that was mistyped is told, and what was submitted really counts', async () => {
    const mistyped = await intake.cqrs([cqrsRow({ value: 10, submitDate: '02/08/2062' })]);
    expect(mistyped.body.counts).toMatchObject({ rowsRejected: 1, pagesReceived: 0 });
    expect(await codesOf(mistyped.body.fileId)).toEqual(['SUBMISSION_AHEAD']);
    await intake.cqrs([cqrsRow({ value: 25 })]);
    const page = await intake.get(OPERATOR, 'pages/VAX/2026-07-31/A90001');
    expect(page.body.versions).toMatchObject([{ pageVersion: 1, values: [{ value: 25 }] }]);
  });

  // The business clock shows 10:00 in London, and goes on.
  it.each([
    ['within the hour that clocks may differ', '10:59:59', []],
    ['later than that', '11:30:00', ['SUBMISSION_AHEAD']],
  ])('%s', async (_name, submitTime, codes) => {
    const answer = await intake.cqrs([cqrsRow({ org: 'A90002', submitDate: '15/08/2026', submitTime })]);
    expect(await codesOf(answer.body.fileId)).toEqual(codes);
  });
});

describe('an achievement date is a day that has come, of a year that is open', () => {
  it.each([
    ['the last day of a closed year', '20250331', ['YEAR_CLOSED']],
    ['the first day of the oldest open year', '20250401', []],
    ['today in London', '20260815', []],
    ['tomorrow', '20260816', ['DATE_AHEAD']],
  ])('%s', async (_name, date, codes) => {
    const answer = await intake.cqrs([cqrsRow({ service: 'VAXDATES', date })]);
    expect(await codesOf(answer.body.fileId)).toEqual(codes);
  });

  it.each([
    ['2025-03-31', 'YEAR_CLOSED'],
    ['2026-08-16', 'DATE_AHEAD'],
  ])('a whole file for %s is refused', async (achievementDate, code) => {
    const answer = await intake.send(qofFile(['A90001,VAX001,DOSES,1']), {
      layout: 'qof-long',
      fileName: 'q.csv',
      serviceCode: 'VAXDATES',
      achievementDate,
    });
    expect(answer.body).toMatchObject({ status: 422, code });
  });
});
