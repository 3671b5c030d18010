import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@attest/testing';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  cqrsFile,
  cqrsRow,
  OPERATOR,
  qofFile,
  startIntake,
  type IntakeUnderTest,
} from './intake-under-test.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake();
});
afterAll(() => intake.close());

const pagesOf = (service: string, date: string, practice: string) =>
  intake.seen.filter(
    (event) =>
      event.type.startsWith('page.') &&
      event.data.serviceCode === service &&
      event.data.achievementDate === date &&
      event.data.practiceCode === practice,
  );

describe('an extract file in the CQRS layout', () => {
  it('becomes pages, with their event, the original kept and the values as SQL', async () => {
    const file = cqrsFile([
      cqrsRow({ date: '20260630', value: 120 }),
      cqrsRow({ date: '20260630', field: 'COHORT', value: 500 }),
      cqrsRow({ date: '20260630', org: 'A90002', value: 0, defaults: 'Y' }),
      cqrsRow({ date: '20260630', org: 'A90002', value: 7, last: 'N' }),
    ]);
    const answer = await intake.send(file, { layout: 'cqrs', fileName: 'june.csv' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        status: 'taken',
        repeated: false,
        counts: { rows: 4, rowsTaken: 2, rowsIgnored: 1, rowsOlder: 1, rowsRejected: 0, pagesReceived: 2 },
      },
    });
    // Two practices, two partitions: either may come first.
    for (const practice of ['A90001', 'A90002'])
      await eventually(() => pagesOf('VAX', '2026-06-30', practice).length === 1);
    expect(pagesOf('VAX', '2026-06-30', 'A90001')[0]).toMatchObject({
      type: 'page.received.v1',
      key: 'A90001',
      data: {
        pageVersion: 1,
        values: [120],
        firstLine: 2,
        lastLine: 2,
        fileName: 'june.csv',
        fileSha256: answer.body.sha256,
        // 19:36:07 in British Summer Time.
        submittedAt: '2026-08-05T18:36:07.000Z',
      },
    });
    const { rows } = await intake.database.query(
      `SELECT practice_code, indicator_code, field_name, value::int, is_current FROM page_value
       WHERE achievement_date = '2026-06-30' ORDER BY practice_code`,
    );
    expect(rows).toEqual([
      {
        practice_code: 'A90001',
        indicator_code: 'VAX001',
        field_name: 'DOSES',
        value: 120,
        is_current: true,
      },
      { practice_code: 'A90002', indicator_code: 'VAX001', field_name: 'DOSES', value: 0, is_current: true },
    ]);
    const sha256 = answer.body.sha256 as string;
    const original = await readFile(
      join(intake.fileStore, 'extracts', sha256.slice(0, 2), `${sha256}.bin`),
      'utf8',
    );
    expect(original).toBe(file);
    expect(await readdir(join(intake.fileStore, 'incoming'))).toEqual([]);
  });

  it('counts blank spreadsheet rows in its receipt and rejects none of them', async () => {
    const blank = Array.from({ length: 300 }, () => ',,,');
    const rows = [
      'A90002,AST001,REGISTER,310',
      'A90002,AST002,NUMERATOR,240',
      'A90002,AST002,DENOMINATOR,300',
    ];
    const query = {
      layout: 'qof-long',
      serviceCode: 'QOFTEST',
      achievementDate: '2026-06-30',
      fileName: 'blank.csv',
    };
    const { status, body } = await intake.send(qofFile([...rows, ...blank]), query);
    expect([status, body]).toMatchObject([
      201,
      { counts: { rows: 3, rowsTaken: 3, rowsBlank: 300, rowsRejected: 0, rowsOlder: 0 } },
    ]);
    expect(await intake.rejected(body.fileId as string)).toEqual([]);
  });

  it('tells that a period is complete when the last expected page has come', async () => {
    const told = () =>
      intake.seen
        .filter(
          (event) => event.type === 'period-completeness.recorded.v1' && event.data.serviceCode === 'VAX',
        )
        .map((event) => event.data)
        .filter((data) => data.achievementDate === '2026-06-30');
    await eventually(() => told().some((data) => data.complete));
    expect(told().at(-1)).toMatchObject({ expected: 2, received: 2, complete: true });
    const answer = await intake.get(OPERATOR, 'completeness?serviceCode=VAX');
    expect(answer.body.items).toMatchObject([
      { achievementDate: '2026-06-30', expected: 2, received: 2, complete: true },
      { achievementDate: '2026-07-31', expected: 2, received: 0, complete: false },
    ]);
    const missing = await intake.get(
      OPERATOR,
      'completeness/missing?serviceCode=VAX&achievementDate=2026-07-31',
    );
    expect(missing.body.items).toEqual([{ practiceCode: 'A90001' }, { practiceCode: 'A90002' }]);
  });

  it('changes nothing when the same file comes again, and answers its first receipt', async () => {
    const file = cqrsFile([cqrsRow({ value: 41 })]);
    const first = await intake.send(file, { layout: 'cqrs', fileName: 'once.csv' });
    const again = await intake.send(file, { layout: 'cqrs', fileName: 'twice.csv' });
    expect(first.body).toMatchObject({ repeated: false, counts: { pagesReceived: 1 } });
    expect(again.body).toMatchObject({ repeated: true, fileId: first.body.fileId, fileName: 'once.csv' });
  });

  it('takes two senders of the same file at once as one', async () => {
    const file = cqrsFile([cqrsRow({ value: 42, submitTime: '19:40:00' })]);
    const answers = await Promise.all(
      ['a.csv', 'b.csv', 'c.csv'].map((fileName) => intake.send(file, { layout: 'cqrs', fileName })),
    );
    expect(new Set(answers.map((answer) => answer.body.fileId)).size).toBe(1);
    expect(answers.filter((answer) => answer.body.repeated === false)).toHaveLength(1);
  });

  it('lets the newest submission win, in whatever order files come', async () => {
    const at = (submitTime: string, value: number) =>
      intake.cqrs([cqrsRow({ org: 'A90002', submitDate: '06/08/2026', submitTime, value })]);
    expect((await at('10:00:00', 1)).body.counts).toMatchObject({ pagesReceived: 1 });
    expect((await at('12:00:00', 3)).body.counts).toMatchObject({ pagesAmended: 1 });
    expect((await at('11:00:00', 2)).body.counts).toMatchObject({ pagesSuperseded: 1, pagesAmended: 0 });
    expect((await at('13:00:00', 3)).body.counts).toMatchObject({ pagesUnchanged: 1 });
    await eventually(() => pagesOf('VAX', '2026-07-31', 'A90002').length === 2);
    expect(pagesOf('VAX', '2026-07-31', 'A90002').map((event) => [event.type, event.data.values])).toEqual([
      ['page.received.v1', [1]],
      ['page.amended.v1', [3]],
    ]);
    const { rows } = await intake.database.query('SELECT by_page_version, "values" FROM superseded_page');
    expect(rows).toMatchObject([{ by_page_version: 2 }]);
    const page = await intake.get(OPERATOR, 'pages/VAX/2026-07-31/A90002');
    expect(page.body.versions).toMatchObject([
      { pageVersion: 2, values: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', value: 3 }] },
      { pageVersion: 1, values: [{ value: 1 }] },
    ]);
  });

  it('keeps the newest of several submissions of one practice within a file', async () => {
    const answer = await intake.cqrs([
      cqrsRow({ submitDate: '07/08/2026', submitTime: '09:00:00', value: 5 }),
      cqrsRow({ submitDate: '07/08/2026', submitTime: '10:00:00', value: 6 }),
      cqrsRow({ submitDate: '07/08/2026', submitTime: '08:00:00', value: 4 }),
    ]);
    expect(answer.body.counts).toMatchObject({ rows: 3, rowsOlder: 2, rowsRejected: 0, pagesAmended: 1 });
    const page = await intake.get(OPERATOR, 'pages/VAX/2026-07-31/A90001');
    expect(page.body.versions[0]).toMatchObject({
      values: [{ value: 6 }],
      submittedAt: '2026-08-07T09:00:00.000Z',
    });
  });
});

describe('an extract file in the published long layout', () => {
  const query = {
    layout: 'qof-long',
    fileName: 'qof.csv',
    serviceCode: 'QOFTEST',
    achievementDate: '2026-07-31',
  };

  it('is read over where it publishes results, also from gzip', async () => {
    const file = qofFile([
      'A90001,AST001,REGISTER,330',
      'A90001,AST001,ACHIEVED_POINTS,4',
      'A90001,AST002,NUMERATOR,52',
      'A90001,AST002,DENOMINATOR,60',
      'A90001,AST002,EXCEPTIONS,8',
      'A90001,AST002,ACHIEVED_POINTS,14.55',
    ]);
    const answer = await intake.send(gzipSync(file), query, OPERATOR, 'application/gzip');
    expect(answer).toMatchObject({
      status: 201,
      body: { counts: { rows: 6, rowsTaken: 3, rowsIgnored: 3, rowsRejected: 0, pagesReceived: 1 } },
    });
    await eventually(() => pagesOf('QOFTEST', '2026-07-31', 'A90001').length === 1);
    // What was not sent is null, not 0.
    expect(pagesOf('QOFTEST', '2026-07-31', 'A90001')[0]!.data.values).toEqual([330, 52, 60, null]);
  });

  it('takes nothing of a practice whose required fields are not all there', async () => {
    const answer = await intake.send(
      qofFile(['A90002,AST001,REGISTER,330', 'A90002,AST002,NUMERATOR,52', 'A90002,AST002,NOTE,1']),
      query,
    );
    expect(answer.body.counts).toMatchObject({
      rowsTaken: 3,
      rowsRejected: 0,
      pagesReceived: 0,
      pagesRejected: 1,
    });
    expect(await intake.rejected(answer.body.fileId as string)).toMatchObject([
      { line: 2, code: 'PAGE_INCOMPLETE', detail: 'lines 2 to 4 lack AST002 DENOMINATOR' },
    ]);
    expect((await intake.get(OPERATOR, 'pages/QOFTEST/2026-07-31/A90002')).body).toMatchObject({
      status: 404,
      code: 'PAGE_UNKNOWN',
    });
  });
});

describe('a kept original', () => {
  it('is read again when what it named has become known, and nothing else changes', async () => {
    const file = cqrsFile([
      cqrsRow({ org: 'A90009', value: 8 }),
      cqrsRow({ org: 'A90001', submitDate: '01/08/2026', value: 1 }),
    ]);
    const first = await intake.send(file, { layout: 'cqrs', fileName: 'early.csv' });
    expect(first.body.counts).toMatchObject({ rowsRejected: 1, pagesSuperseded: 1, pagesReceived: 0 });
    const original = await intake.get(OPERATOR, `extract-files/${first.body.fileId}/original`);
    expect(original.body).toBe(file);
    await intake.know([{ code: 'A90009', kind: 'practice', ancestors: ['ENGLAND'] }], []);
    expect((await intake.send(file, { layout: 'cqrs', fileName: 'early.csv' })).body).toMatchObject({
      repeated: true,
    });
    const again = await intake.post(OPERATOR, `extract-files/${first.body.fileId}/read-again`);
    expect(again).toMatchObject({
      status: 201,
      body: {
        fileName: 'early.csv',
        reading: 2,
        counts: { rowsRejected: 0, pagesReceived: 1, pagesSuperseded: 1 },
      },
    });
    await eventually(() => pagesOf('VAX', '2026-07-31', 'A90009').length === 1);
    const refused = await intake.send('', { layout: 'cqrs', fileName: 'empty.csv' });
    expect(
      (await intake.post(OPERATOR, `extract-files/${refused.body.facts.fileId}/read-again`)).body,
    ).toMatchObject({
      status: 409,
      code: 'FILE_NOT_TAKEN',
    });
  });
});

describe('who may send and read', () => {
  it.each([
    ['a person without a role', 'nobody', 'ROLE_MISSING'],
    ['a practice', 'practice-one', 'ROLE_MISSING'],
    ['an ICB: files hold all of England', 'icb-sender', 'NOT_YOUR_ORGANISATION'],
  ])('%s may not send', async (_name, person, code) => {
    const answer = await intake.send(cqrsFile([cqrsRow()]), { layout: 'cqrs', fileName: 'x.csv' }, person);
    expect(answer.body).toMatchObject({ status: 403, code });
  });

  it('shows a practice its own pages and no others', async () => {
    expect((await intake.get('practice-one', 'pages/VAX/2026-07-31/A90001')).status).toBe(200);
    expect((await intake.get('practice-one', 'pages/VAX/2026-07-31/A90002')).body).toMatchObject({
      code: 'PAGE_UNKNOWN',
    });
    expect(
      (
        await intake.get(
          'practice-one',
          'completeness/missing?serviceCode=QOFTEST&achievementDate=2026-06-30',
        )
      ).body.items,
    ).toEqual([{ practiceCode: 'A90001' }]);
  });
});
