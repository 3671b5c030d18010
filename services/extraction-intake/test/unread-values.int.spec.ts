import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QualityService } from '@attest/contracts';
import type { Answer } from '@attest/testing';
import {
  aVaccination,
  cqrsRow,
  OPERATOR,
  qofFile,
  startIntake,
  type CqrsRow,
  type IntakeUnderTest,
} from './intake-under-test.js';

/** Two vaccinations, the second optional, on days enough that each spec has pages of its own. */
const DAYS = Array.from({ length: 30 }, (_, i) => `2026-06-${String(i + 1).padStart(2, '0')}`);
const twoVaccinations = (): QualityService => {
  const service = aVaccination();
  const [entry] = service.calendar;
  const items = ['VAX001', 'VAX002'].map((indicatorCode) => ({ indicatorCode, fieldName: 'DOSES' }));
  return {
    ...service,
    serviceCode: 'VAXOPT',
    calendar: DAYS.map((achievementDate) => ({ ...entry!, achievementDate })),
    rulePack: {
      ...service.rulePack,
      fields: items.map((item, place) => ({ ...item, required: place === 0 })),
      calculation: {
        kind: 'item-of-service',
        items: items.map((item) => ({ ...item, feePounds: '10.06' })),
      },
    },
  };
};

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake();
  await intake.publish(twoVaccinations(), 1);
});
afterAll(() => intake.close());

let day = 0;
/** A day of its own for a spec. */
const aDay = (): string => DAYS[day++]!;

/** The first vaccination's doses, and rows about the second, submitted at an hour of 5 August. */
const sent = (
  date: string,
  hour: number,
  first: number,
  ...second: (CqrsRow | string)[]
): Promise<Answer> => {
  const common = {
    service: 'VAXOPT',
    date: date.replaceAll('-', ''),
    submitTime: `${String(hour).padStart(2, '0')}:00:00`,
  };
  return intake.cqrs([
    cqrsRow({ ...common, value: first }),
    ...second.map((row) =>
      typeof row === 'string' ? row : cqrsRow({ ...common, indicator: 'VAX002', ...row }),
    ),
  ]);
};
const pageOf = async (date: string) => (await intake.get(OPERATOR, `pages/VAXOPT/${date}/A90001`)).body;
const valuesOf = ({ versions }: { versions: { values: { value: number | null }[] }[] }) =>
  versions.map(({ values }) => values.map(({ value }) => value));

it('a newer submission of which nothing can be read takes nothing away from an older one in its file', async () => {
  const date = aDay();
  const row = { service: 'VAXOPT', date: date.replaceAll('-', '') };
  const rows = [
    cqrsRow({ ...row, value: 100, submitTime: '09:00:00' }),
    cqrsRow({ ...row, indicator: 'VAX002', value: 40, submitTime: '09:00:00' }),
    cqrsRow({ ...row, indicator: 'VAX002', value: '*', submitTime: '10:00:00' }),
  ];
  await intake.cqrs(rows.reverse());
  expect(valuesOf(await pageOf(date))).toEqual([[100, 40]]);
});

describe('an optional value that was sent and cannot be read leaves what stood', () => {
  it.each<[string, (CqrsRow | string)[], string]>([
    ['a suppression', [{ value: '*' }], 'VALUE_NOT_A_NUMBER'],
    ['a dash', [{ value: '-' }], 'VALUE_NOT_A_NUMBER'],
    ['text', [{ value: 'fewer than five' }], 'VALUE_NOT_A_NUMBER'],
    ['nothing between the commas', [{ value: '' }], 'VALUE_MISSING'],
    ['a decimal', [{ value: '40.5' }], 'VALUE_DECIMAL'],
    ['below nothing', [{ value: '-1' }], 'VALUE_NEGATIVE'],
    ['more than a count can be', [{ value: '1000000000' }], 'VALUE_TOO_LARGE'],
    ['two values', [{ value: 40 }, { value: 41 }], 'VALUE_CONTRADICTORY'],
    ['a comma within', [{ value: '1,040' }], 'ROW_MALFORMED'],
    ['another name of the field', [{ indicator: 'VAX02' }], 'FIELD_UNKNOWN'],
    ['a time of submission in another form', [{ submitTime: '7pm' }], 'SUBMISSION_TIME_MALFORMED'],
    ['another word for the last submission', [{ last: 'maybe' }], 'LAST_SUBMISSION_UNKNOWN'],
    ['a practice that nobody knows', [{ org: 'A9001' }], 'PRACTICE_UNKNOWN'],
    ['a row that breaks off', ['VAXOPT,Made'], 'ROW_MALFORMED'],
  ])('%s', async (_name, second, code) => {
    const date = aDay();
    await sent(date, 9, 100, { value: 40 });
    const answer = await sent(date, 10, 100, ...second);
    expect(answer.body.counts).toMatchObject({ pagesUnchanged: 1, pagesAmended: 0, valuesLeft: 1 });
    const codes = (await intake.rejected(answer.body.fileId as string)).map((row) => row.code);
    expect(codes).toContain(code);
    const page = await pageOf(date);
    expect(valuesOf(page)).toEqual([[100, 40]]);
    expect(page.versions[0].values).toMatchObject([
      { notRead: null },
      { notRead: { code, fileId: answer.body.fileId, fromPageVersion: 1 } },
    ]);
  });

  it('in the published long layout, too', async () => {
    const query = {
      layout: 'qof-long',
      fileName: 'q.csv',
      serviceCode: 'QOFTEST',
      achievementDate: '2026-06-30',
    };
    const rows = [
      'A90001,AST001,REGISTER,310',
      'A90001,AST002,NUMERATOR,240',
      'A90001,AST002,DENOMINATOR,300',
    ];
    await intake.send(qofFile([...rows, 'A90001,AST002,NOTE,5']), query);
    const answer = await intake.send(qofFile([...rows, 'A90001,AST002,NOTE,*']), query);
    expect(answer.body.counts).toMatchObject({ pagesUnchanged: 1, pagesAmended: 0, valuesLeft: 1 });
    const page = await intake.get(OPERATOR, 'pages/QOFTEST/2026-06-30/A90001');
    expect(page.body.versions[0].values[3]).toMatchObject({
      value: 5,
      notRead: { code: 'VALUE_NOT_A_NUMBER', line: 5 },
    });
  });

  it('while the others of the page count', async () => {
    const date = aDay();
    await sent(date, 9, 100, { value: 40 });
    const answer = await sent(date, 10, 101, { value: '*' });
    expect(answer.body.counts).toMatchObject({ pagesAmended: 1, valuesLeft: 1 });
    const page = await pageOf(date);
    expect(valuesOf(page)).toEqual([
      [101, 40],
      [100, 40],
    ]);
    expect(page.versions[0].values[1].notRead).toMatchObject({ fromPageVersion: 1 });
  });

  it('over several files, and is marked with the version that it was first read with', async () => {
    const date = aDay();
    await sent(date, 9, 100, { value: 40 });
    await sent(date, 10, 101, { value: '*' });
    await sent(date, 11, 102, { value: '-' });
    const page = await pageOf(date);
    expect(valuesOf(page)[0]).toEqual([102, 40]);
    expect(page.versions[0].values[1].notRead).toMatchObject({ fromPageVersion: 1, line: 3 });
  });

  it('until it is sent again: then it is marked no more', async () => {
    const date = aDay();
    await sent(date, 9, 100, { value: 40 });
    await sent(date, 10, 100, { value: '*' });
    const answer = await sent(date, 11, 100, { value: 40 });
    expect(answer.body.counts).toMatchObject({ pagesUnchanged: 1, valuesLeft: 0 });
    const page = await pageOf(date);
    expect(page.versions).toMatchObject([{ pageVersion: 1, values: [{}, { value: 40, notRead: null }] }]);
  });

  it('and where nothing stood before, stays empty and is told', async () => {
    const date = aDay();
    const answer = await sent(date, 9, 100, { value: '*' });
    expect(answer.body.counts).toMatchObject({ pagesReceived: 1, valuesLeft: 1 });
    expect((await pageOf(date)).versions[0].values[1]).toMatchObject({
      value: null,
      notRead: { code: 'VALUE_NOT_A_NUMBER', fromPageVersion: null },
    });
  });

  it('one beside it that can be read counts, before or after', async () => {
    for (const second of [
      [{ value: '*' }, { value: 40 }],
      [{ value: 40 }, { value: '*' }],
    ]) {
      const date = aDay();
      await sent(date, 9, 100, ...second);
      expect((await pageOf(date)).versions[0].values[1]).toMatchObject({ value: 40, notRead: null });
    }
  });
});

describe('what files say counts, in whatever order they come, also where the newer one cannot be read', () => {
  it('an older submission that comes late says what the newer one leaves', async () => {
    const date = aDay();
    await sent(date, 10, 101, { value: '*' });
    const late = await sent(date, 9, 100, { value: 40 });
    expect(late.body.counts).toMatchObject({ pagesAmended: 1, pagesSuperseded: 0 });
    const page = await pageOf(date);
    expect(valuesOf(page)).toEqual([
      [101, 40],
      [101, null],
    ]);
    expect(page.versions[0].values[1].notRead).toMatchObject({ fromPageVersion: 2 });
    expect(page.versions.map((one: { filledByFileId: string | null }) => one.filledByFileId)).toEqual([
      late.body.fileId,
      null,
    ]);
    expect(page.passedOver).toMatchObject([{ why: 'OLDER_SUBMISSION', fileId: late.body.fileId }]);
  });

  it('of two that come late, the newer one counts', async () => {
    for (const order of [
      [8, 9],
      [9, 8],
    ]) {
      const date = aDay();
      await sent(date, 10, 101, { value: '*' });
      for (const hour of order) await sent(date, hour, 100, { value: 30 + hour });
      expect(valuesOf(await pageOf(date))[0]).toEqual([101, 39]);
    }
  });

  it('one that says nothing of the value fills nothing, and one whose value is sent later is filled no more', async () => {
    const date = aDay();
    await sent(date, 10, 101, { value: '*' });
    expect((await sent(date, 9, 100)).body.counts).toMatchObject({ pagesSuperseded: 1, pagesAmended: 0 });
    await sent(date, 11, 101, { value: 41 });
    expect((await sent(date, 8, 100, { value: 38 })).body.counts).toMatchObject({ pagesSuperseded: 1 });
    expect(valuesOf(await pageOf(date))[0]).toEqual([101, 41]);
  });

  it('and what it filled goes with it when it is withdrawn', async () => {
    const date = aDay();
    await sent(date, 10, 101, { value: '*' });
    const late = await sent(date, 9, 100, { value: 40 });
    await intake.post(OPERATOR, `extract-files/${late.body.fileId}/withdrawal`, {
      reason: 'The wrong month.',
    });
    expect(valuesOf(await pageOf(date))[0]).toEqual([101, null]);
  });
});

it('an optional value that a whole file does not hold was not sent', async () => {
  const date = aDay();
  await sent(date, 9, 100, { value: 40 });
  expect((await sent(date, 10, 100)).body.counts).toMatchObject({ pagesAmended: 1, valuesLeft: 0 });
  expect(valuesOf(await pageOf(date))[0]).toEqual([100, null]);
});

it('a required value that cannot be read leaves the whole page as it stood', async () => {
  const date = aDay();
  await sent(date, 9, 100, { value: 40 });
  const row = { service: 'VAXOPT', date: date.replaceAll('-', ''), submitTime: '10:00:00' };
  const answer = await intake.cqrs([
    cqrsRow({ ...row, value: '*' }),
    cqrsRow({ ...row, indicator: 'VAX002', value: 41 }),
  ]);
  expect(answer.body.counts).toMatchObject({ pagesRejected: 1, pagesAmended: 0 });
  const page = await pageOf(date);
  expect(valuesOf(page)).toEqual([[100, 40]]);
  expect(page.passedOver).toMatchObject([{ why: 'PAGE_INCOMPLETE', fileId: answer.body.fileId }]);
});

it('a withdrawn file leaves no mark on a page, and is not among those that were passed over', async () => {
  const date = aDay();
  await sent(date, 9, 100, { value: 40 });
  const files = [await sent(date, 10, 100, { value: '*' }), await sent(date, 8, 90, { value: 40 })];
  expect((await pageOf(date)).versions[0].values[1].notRead).not.toBeNull();
  for (const { body } of files)
    await intake.post(OPERATOR, `extract-files/${body.fileId}/withdrawal`, { reason: 'The wrong month.' });
  expect(await pageOf(date)).toMatchObject({
    passedOver: [],
    versions: [{ values: [{}, { value: 40, notRead: null }] }],
  });
});

it('a page is as new as the newest submission that said it, so an older one that comes late changes nothing', async () => {
  const date = aDay();
  await sent(date, 9, 100, { value: 40 });
  await sent(date, 11, 100, { value: 40 });
  expect((await sent(date, 10, 90, { value: 40 })).body.counts).toMatchObject({ pagesSuperseded: 1 });
  expect(valuesOf(await pageOf(date))).toEqual([[100, 40]]);
});
