import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  cqrsFile,
  cqrsRow,
  OPERATOR,
  qofFile,
  startIntake,
  type CqrsRow,
  type IntakeUnderTest,
} from './intake-under-test.js';

let intake: IntakeUnderTest;
beforeAll(async () => {
  intake = await startIntake({ EXTRACT_FILE_MOST_BYTES: '300000' });
});
afterAll(() => intake.close());

/** Made up, with a valid check digit. */
const NHS_NUMBER = '9434765919';

describe('a row that cannot be taken is kept with its line, code and text', () => {
  const good = (minute: number): string =>
    cqrsRow({ org: 'A90002', submitTime: `12:${String(minute).padStart(2, '0')}:00`, value: minute });

  it.each<[string, CqrsRow | string, string]>([
    ['an unknown practice', { org: 'Z99999' }, 'PRACTICE_UNKNOWN'],
    ['an unknown service', { service: 'NOSUCH' }, 'SERVICE_UNKNOWN'],
    ['an unknown field', { field: 'NOSUCH' }, 'FIELD_UNKNOWN'],
    ['an unknown indicator', { indicator: 'NOSUCH' }, 'FIELD_UNKNOWN'],
    ['a PCN among the practices', { org: 'U90001' }, 'PCN_ROW_NOT_TAKEN'],
    ['a commissioner', { org: 'QAA' }, 'ORGANISATION_NOT_A_PRACTICE'],
    ['a practice that had closed', { org: 'A90003' }, 'PRACTICE_CLOSED'],
    ['a negative value', { value: '-1' }, 'VALUE_NEGATIVE'],
    ['a value above 999,999,999', { value: '1000000000' }, 'VALUE_TOO_LARGE'],
    ['a value of 30 digits', { value: '9'.repeat(30) }, 'VALUE_TOO_LARGE'],
    ['a decimal', { value: '12.5' }, 'VALUE_DECIMAL'],
    ['a decimal that is whole', { value: '12.0' }, 'VALUE_DECIMAL'],
    ['a value in words', { value: 'ten' }, 'VALUE_NOT_A_NUMBER'],
    ['a value in scientific notation', { value: '1e3' }, 'VALUE_NOT_A_NUMBER'],
    ['a missing value', { value: '' }, 'VALUE_MISSING'],
    ['a date before the service', { date: '20260331' }, 'DATE_OUTSIDE_SERVICE'],
    ['a date after the service', { date: '20270401' }, 'DATE_OUTSIDE_SERVICE'],
    ['a date without a calendar entry', { date: '20260730' }, 'DATE_NOT_COLLECTED'],
    ['a day that does not exist', { date: '20260231' }, 'DATE_MALFORMED'],
    ['a date in another form', { date: '31/07/26' }, 'DATE_MALFORMED'],
    ['a submission time in another form', { submitTime: '7pm' }, 'SUBMISSION_TIME_MALFORMED'],
    [
      'a submission on 29 February of no leap year',
      { submitDate: '29/02/2026' },
      'SUBMISSION_TIME_MALFORMED',
    ],
    ['another word for the last submission', { last: 'maybe' }, 'LAST_SUBMISSION_UNKNOWN'],
    ['too few fields', 'VAX,Made up,A90001', 'ROW_MALFORMED'],
    ['too many fields', `${cqrsRow()},1`, 'ROW_MALFORMED'],
    ['text behind a quote', cqrsRow().replace('Made up', '"Made" up'), 'ROW_MALFORMED'],
    ['a NUL', cqrsRow({ value: '1\0' }), 'VALUE_NOT_A_NUMBER'],
  ])('%s', async (name, row, code) => {
    const text = typeof row === 'string' ? row : cqrsRow(row);
    const before = minute++;
    const answer = await intake.cqrs([good(before), text], `${name}.csv`);
    // The rest of the file is taken.
    expect(answer).toMatchObject({
      status: 201,
      body: { status: 'taken', counts: { rows: 2, rowsTaken: 1, rowsRejected: 1 } },
    });
    expect(await intake.rejected(answer.body.fileId as string)).toMatchObject([
      { line: 3, code, text: text.replaceAll('\0', '\ufffd') },
    ]);
  });
  let minute = 0;

  it('the same value twice: the second is told and the page stands', async () => {
    const answer = await intake.cqrs([
      cqrsRow({ value: 5, submitTime: '20:00:00' }),
      cqrsRow({ value: 5, submitTime: '20:00:00' }),
    ]);
    expect(answer.body.counts).toMatchObject({ rowsTaken: 1, rowsRejected: 1, pagesRejected: 0 });
    expect(await intake.rejected(answer.body.fileId as string)).toMatchObject([
      { line: 3, code: 'VALUE_DUPLICATE' },
    ]);
  });

  it('two values for one field: neither counts, so the page is incomplete', async () => {
    const rows = [5, 6, 5].map((value) => cqrsRow({ value, submitTime: '20:10:00' }));
    const answer = await intake.cqrs(rows);
    expect(answer.body.counts).toMatchObject({
      rowsTaken: 0,
      rowsRejected: 3,
      pagesAmended: 0,
      pagesRejected: 1,
    });
    expect(await intake.rejected(answer.body.fileId as string)).toMatchObject([
      { line: 2, code: 'VALUE_CONTRADICTORY', text: rows[0] },
      { line: 3, code: 'VALUE_CONTRADICTORY' },
      { line: 4, code: 'VALUE_CONTRADICTORY' },
      { line: 2, code: 'PAGE_INCOMPLETE' },
    ]);
  });

  it('a quote left open at the end of the file', async () => {
    const answer = await intake.send(
      `${cqrsFile([cqrsRow({ value: 9, submitTime: '20:20:00' })])}VAX,"Made`,
      {
        layout: 'cqrs',
        fileName: 'open.csv',
      },
    );
    expect(await intake.rejected(answer.body.fileId as string)).toMatchObject([
      { line: 3, code: 'ROW_MALFORMED', text: 'VAX,"Made' },
    ]);
  });

  it('can be listed by code, and as CSV', async () => {
    const answer = await intake.cqrs([
      cqrsRow({ org: 'Z99999' }),
      cqrsRow({ value: '' }),
      cqrsRow({ org: 'Z99998' }),
    ]);
    const path = `extract-files/${answer.body.fileId}/rejected-rows`;
    const listed = await intake.get(OPERATOR, `${path}?code=PRACTICE_UNKNOWN&limit=1`);
    expect(listed.body.items).toMatchObject([{ line: 2, code: 'PRACTICE_UNKNOWN' }]);
    const next = await intake.get(
      OPERATOR,
      `${path}?code=PRACTICE_UNKNOWN&limit=1&cursor=${listed.body.nextCursor}`,
    );
    expect(next.body).toMatchObject({ items: [{ line: 4 }], nextCursor: null });
    const csv = await intake.get(OPERATOR, path, { accept: 'text/csv' });
    expect(String(csv.body).split('\r\n')[0]).toBe('line,code,reason,detail,text');
    expect(String(csv.body)).toContain('Z99999');
  });
});

describe('a file that is refused as a whole leaves nothing but its receipt', () => {
  const header = cqrsFile([]);
  const oneRow = cqrsFile([cqrsRow({ value: 77 })]);
  const qof = { layout: 'qof-long', serviceCode: 'QOFTEST', achievementDate: '2026-07-31' };
  const qofRow = qofFile(['A90001,AST001,REGISTER,1']);
  const cqrs = { layout: 'cqrs' };
  const packed = gzipSync(cqrsFile(Array.from({ length: 50 }, (_, i) => cqrsRow({ value: i }))));

  it.each<[string, string | Buffer, Record<string, string>, string, string, number]>([
    ['nothing in it', '', cqrs, 'text/csv', 'FILE_EMPTY', 422],
    ['a header alone', header, cqrs, 'text/csv', 'FILE_EMPTY', 422],
    ['another header', oneRow.replace('ORG_CODE', 'ORG'), cqrs, 'text/csv', 'HEADER_WRONG', 422],
    ['the other layout', qofRow, cqrs, 'text/csv', 'HEADER_WRONG', 422],
    [
      'Latin-1',
      Buffer.from(oneRow.replace('Made up', 'Bodé'), 'latin1'),
      cqrs,
      'text/csv',
      'FILE_NOT_UTF8',
      422,
    ],
    [
      'a truncated gzip',
      packed.subarray(0, packed.length - 20),
      cqrs,
      'application/gzip',
      'FILE_TRUNCATED',
      422,
    ],
    ['no gzip at all', oneRow, cqrs, 'application/gzip', 'FILE_TRUNCATED', 422],
    [
      'more bytes than are taken',
      cqrsFile([cqrsRow()]).padEnd(310_000, '\n'),
      cqrs,
      'text/csv',
      'FILE_TOO_LARGE',
      413,
    ],
    [
      'a gzip that grows too large',
      gzipSync('x\n'.repeat(200_000)),
      cqrs,
      'application/gzip',
      'HEADER_WRONG',
      422,
    ],
    [
      'a gzip bomb behind a good header',
      gzipSync(header + '\n'.repeat(400_000)),
      cqrs,
      'application/gzip',
      'FILE_TOO_LARGE',
      413,
    ],
    [
      'a workbook',
      Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(5_000, 7)]),
      cqrs,
      'application/vnd.ms-excel',
      'FILE_NOT_CSV',
      422,
    ],
    ['UTF-16', Buffer.from(`\ufeff${oneRow}`, 'utf16le'), cqrs, 'text/plain', 'FILE_NOT_UTF8', 422],
    ['a row without end', `${oneRow}VAX,"${'x\n'.repeat(60_000)}`, cqrs, 'text/csv', 'ROW_TOO_LONG', 422],
    [
      'a service that nobody knows',
      qofRow,
      { ...qof, serviceCode: 'NOSUCH' },
      'text/csv',
      'SERVICE_UNKNOWN',
      422,
    ],
    [
      'a date outside the service',
      qofRow,
      { ...qof, achievementDate: '2025-07-31' },
      'text/csv',
      'DATE_OUTSIDE_SERVICE',
      422,
    ],
    [
      'a date that is not collected',
      qofRow,
      { ...qof, achievementDate: '2026-07-30' },
      'text/csv',
      'DATE_NOT_COLLECTED',
      422,
    ],
  ])('%s', async (name, body, query, contentType, code, status) => {
    const before = await counts();
    const answer = await intake.send(body, { ...query, fileName: `${name}.csv` }, OPERATOR, contentType);
    expect(answer.body).toMatchObject({ status, code });
    expect(await counts()).toEqual(before);
    const receipt = await intake.get(OPERATOR, `extract-files/${answer.body.facts.fileId}`);
    expect(receipt.body).toMatchObject({
      status: 'refused',
      refusal: { code },
      fileName: `${name}.csv`,
      sha256: null,
    });
    expect(await readdir(join(intake.fileStore, 'incoming'))).toEqual([]);
  });

  it.each([
    ['together', NHS_NUMBER],
    ['spaced 3-3-4', '943 476 5919'],
    ['with hyphens', '943-476-5919'],
    ['within other text', `patient ${NHS_NUMBER} seen`],
    ['in quotes', `"${NHS_NUMBER}"`],
  ])('an NHS number %s in any cell', async (_name, cell) => {
    for (const row of [
      cqrsRow().replace('Made up', cell),
      cqrsRow({ field: cell }),
      cqrsRow({ value: cell }),
      // Also where the row could not be taken anyway.
      `NOSUCH,${cell}`,
    ]) {
      const before = await counts();
      const answer = await intake.cqrs([cqrsRow({ value: 3 }), row], 'patients.csv');
      expect(answer.body).toMatchObject({
        status: 422,
        code: 'PATIENT_IDENTIFIER_FOUND',
        facts: { line: 3 },
      });
      expect(await counts()).toEqual(before);
      expect(await readdir(join(intake.fileStore, 'incoming'))).toEqual([]);
      const { rows } = await intake.database.query(`SELECT f::text AS text FROM extract_file f`);
      const told = JSON.stringify([answer.body, rows]).replaceAll(/\D/g, '');
      expect(told).not.toContain(NHS_NUMBER);
    }
  });

  it.each(['application/vnd.ms-excel', 'application/csv', 'application/octet-stream', 'text/plain'])(
    'the type that a browser gives a CSV file is no reason to refuse it: %s',
    async (type) => {
      const packed = gzipSync(cqrsFile([cqrsRow({ value: `70${type.length}` })]));
      const answer = await intake.send(packed, { ...cqrs, fileName: 'typed.csv' }, OPERATOR, type);
      expect(answer).toMatchObject({ status: 201, body: { gzip: true, counts: { rowsTaken: 1 } } });
    },
  );

  it.each(['CQRS_2026080909.csv', 'CQRS_2026081018.csv', 'extract-1786352419.csv'])(
    'a time in a file name or a cell is no NHS number: %s',
    async (fileName) => {
      const [written] = /\d{10}/.exec(fileName)!;
      const rows = [cqrsRow({ value: Number(written) % 1_000 }).replace('cro-processor', `run-${written}`)];
      expect(rows[0]).toContain(`run-${written}`);
      expect(await intake.cqrs(rows, fileName)).toMatchObject({ status: 201, body: { repeated: false } });
    },
  );

  it('an NHS number in the file name is not even kept in a receipt', async () => {
    const before = await counts();
    const answer = await intake.cqrs([cqrsRow()], `${NHS_NUMBER}.csv`);
    expect(answer.body).toMatchObject({ status: 422, code: 'PATIENT_IDENTIFIER_FOUND' });
    expect(await counts()).toEqual(before);
    const { rows } = await intake.database.query(
      'SELECT file_name FROM extract_file WHERE file_name LIKE $1',
      [`%${NHS_NUMBER}%`],
    );
    expect(rows).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'a qof-long file without its service',
      { layout: 'qof-long', fileName: 'q.csv' },
      'LAYOUT_PARAMETERS_WRONG',
    ],
    [
      'a cqrs file with a service',
      { layout: 'cqrs', fileName: 'q.csv', serviceCode: 'VAX' },
      'LAYOUT_PARAMETERS_WRONG',
    ],
    ['an unknown layout', { layout: 'xlsx', fileName: 'q.csv' }, 'REQUEST_FAULTY'],
    ['a path for a name', { layout: 'cqrs', fileName: '../q.csv' }, 'REQUEST_FAULTY'],
    ['no name', { layout: 'cqrs' }, 'REQUEST_FAULTY'],
    [
      'a date in another form',
      { ...qof, fileName: 'q.csv', achievementDate: '31/07/2026' },
      'REQUEST_FAULTY',
    ],
    [
      'a day that does not exist',
      { ...qof, fileName: 'q.csv', achievementDate: '2026-02-31' },
      'REQUEST_FAULTY',
    ],
  ])('%s is refused before it is read', async (_name, query, code) => {
    expect((await intake.send(qofRow, query)).body).toMatchObject({ status: 400, code });
  });

  /** Everything that a refused file must not change. */
  const counts = async (): Promise<unknown> => {
    const { rows } = await intake.database.query(
      `SELECT (SELECT count(*) FROM page) AS pages, (SELECT count(*) FROM rejected_row) AS rejected,
              (SELECT count(*) FROM superseded_page) AS superseded,
              (SELECT count(*) FROM extract_file WHERE status = 'taken') AS files`,
    );
    const originals = await readdir(join(intake.fileStore, 'extracts'), { recursive: true }).catch(() => []);
    return { ...(rows[0] as object), originals: originals.length };
  };
});
