import { describe, expect, it } from '@jest/globals';
import { CQRS_EXTRACT_COLUMNS, QOF_LONG_COLUMNS } from '@attest/contracts';
import { FileReading, type FilePurpose } from './read-file.js';
import { Reference } from './reference.js';
import type { RejectedRow } from './rejected-row.js';

const reference = (): Reference =>
  new Reference(
    ['QOFTEST', 'QOFOTHER'].map((serviceCode) => ({
      serviceCode,
      startOn: '2026-04-01',
      endOn: null,
      achievementDates: ['2026-07-31'],
      rulePack: {
        version: 1,
        fields: [
          { indicatorCode: 'AST001', fieldName: 'REGISTER', required: true },
          { indicatorCode: 'AST002', fieldName: 'NUMERATOR', required: true },
          { indicatorCode: 'AST003', fieldName: 'EXCEPTIONS', required: false },
        ],
        ignoredFields: [],
      },
      parked: false,
    })),
    ['A90001', 'A90002'].map((code) => ({
      code,
      kind: 'practice',
      parked: false,
      openOn: null,
      closeOn: null,
    })),
    new Date('2026-10-25T12:00:00Z'),
  );

const QOF: FilePurpose = { layout: 'qof-long', serviceCode: 'QOFTEST', achievementDate: '2026-07-31' };
const CQRS: FilePurpose = { layout: 'cqrs', serviceCode: null, achievementDate: null };

function read(purpose: FilePurpose, text: string) {
  const rejected: RejectedRow[] = [];
  const reading = new FileReading(reference(), purpose, (row) => rejected.push({ ...row }));
  reading.push(Buffer.from(text));
  reading.end();
  const pages = [...reading.rows.collectors()].flatMap((collector) => [
    ...collector.collected(reading.rows.doubts),
  ]);
  return { counts: reading.rows.counts, rejected, pages };
}

const REGIONAL = `REGION_ODS_CODE,REGION_ONS_CODE,REGION_NAME,PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE
Y56,E40000003,London,A90001,AST001,REGISTER,310
Y56,E40000003,"London, made up",A90001,AST002,NUMERATOR,240
`;
const CQRS_ROW: Readonly<Record<string, string>> = {
  QUALITY_SERVICE: 'QOFTEST',
  NAME: 'Made up',
  ORG_CODE: 'A90001',
  ACH_DATE: '20260731',
  IND_CODE: 'AST001',
  FIELD_NAME: 'REGISTER',
  VALUE: '310',
  DEFAULT_VALUES_USED: 'None',
  SUBMIT_USER_ID: 'cro',
  SUBMIT_DATE: '01/08/2026',
  SUBMIT_TIME: '09:00:00',
  LAST_SUBMISSION: 'Y',
};

describe("a file's columns", () => {
  it('are found by name: the seven of the QOF achievement files since 2022/23', () => {
    const { counts, rejected, pages } = read(QOF, REGIONAL);
    expect([counts, rejected]).toMatchObject([{ rows: 2, taken: 2 }, []]);
    expect(pages).toMatchObject([{ values: [310, 240, null], unread: [], firstLine: 2, lastLine: 3 }]);
  });

  it.each([
    ['in another order', 'VALUE,MEASURE,PRACTICE_CODE,INDICATOR_CODE\n310,REGISTER,A90001,AST001\n'],
    ['in other letters', 'Practice Code, indicator_code ,"MEASURE",value\nA90001,AST001,REGISTER,310\n'],
    ['beside unnamed ones', `${QOF_LONG_COLUMNS.join(',')},,\nA90001,AST001,REGISTER,310,,\n`],
  ])('may stand %s', (_how, text) => {
    expect(read(QOF, text)).toMatchObject({ counts: { taken: 1, rejected: 0 }, rejected: [] });
  });

  it('of the CQRS layout may stand in any order, too', () => {
    const order = [...CQRS_EXTRACT_COLUMNS].reverse();
    const text = `${order.join(',')}\n${order.map((column) => CQRS_ROW[column]).join(',')}\n`;
    expect(read(CQRS, text)).toMatchObject({ counts: { taken: 1 }, pages: [{ values: [310, null, null] }] });
  });

  it('without a name hold nothing, or the row is faulty', () => {
    const text = `${QOF_LONG_COLUMNS.join(',')},\nA90001,AST001,REGISTER,310,7\n`;
    expect(read(QOF, text).rejected).toMatchObject([{ line: 2, code: 'ROW_MALFORMED' }]);
  });

  it.each([
    ['that is missing', 'PRACTICE_CODE,INDICATOR_CODE,VALUE', { missing: 'MEASURE' }],
    ['that is too many', `${QOF_LONG_COLUMNS.join(',')},POINTS`, { unknown: 'POINTS' }],
    ['that stands there twice', `${QOF_LONG_COLUMNS.join(',')},Value`, { repeated: 'Value' }],
    ['of semicolons', QOF_LONG_COLUMNS.join(';'), { missing: QOF_LONG_COLUMNS.join(',') }],
  ])('name one %s where the header is refused', (_what, header, facts) => {
    expect(() => read(QOF, `${header}\nx\n`)).toThrow(
      expect.objectContaining({
        code: 'HEADER_WRONG',
        facts: expect.objectContaining(facts) as unknown,
      }) as unknown as Error,
    );
  });
});

describe('a row that cannot be read', () => {
  const header = 'VALUE,MEASURE,PRACTICE_CODE,INDICATOR_CODE';
  const page = '310,REGISTER,A90001,AST001\n240,NUMERATOR,A90001,AST002\n';
  const unreadOf = (row: string) => read(QOF, `${header}\n${page}${row}\n`).pages[0]!.unread;

  it('is about the practice that it names, wherever its column stands', () => {
    expect(unreadOf('1,EXCEPTIONS,A90001,AST0O3')).toMatchObject([{ code: 'FIELD_UNKNOWN', place: 2 }]);
    expect(unreadOf('1,EXCEPTIONS,A90001')).toMatchObject([{ code: 'ROW_MALFORMED', doubtful: true }]);
    expect(unreadOf('*,EXCEPTIONS,A90001,AST003')).toMatchObject([{ line: 4, doubtful: false }]);
  });

  it('and names no field is about its own service alone', () => {
    const rows: Partial<typeof CQRS_ROW>[] = ['QOFTEST', 'QOFOTHER'].flatMap((QUALITY_SERVICE) => [
      { QUALITY_SERVICE },
      { QUALITY_SERVICE, IND_CODE: 'AST002', FIELD_NAME: 'NUMERATOR' },
    ]);
    const text = [...rows, { QUALITY_SERVICE: 'QOFTEST', IND_CODE: 'AST0O3' }].map((said) =>
      CQRS_EXTRACT_COLUMNS.map((column) => said[column] ?? CQRS_ROW[column]).join(','),
    );
    const { pages } = read(CQRS, `${[CQRS_EXTRACT_COLUMNS.join(','), ...text].join('\n')}\n`);
    expect(pages.map(({ unread }) => unread)).toMatchObject([[{ code: 'FIELD_UNKNOWN', place: 2 }], []]);
  });

  it('may be about anybody where it ends before the practice', () => {
    expect(unreadOf('A90001,EXCEPTIONS')).toMatchObject([{ code: 'ROW_MALFORMED', doubtful: true }]);
  });

  it.each([
    [
      'a quote in another row ends',
      'A90002,AST003,EXCEPTIONS,"1\nA90001,AST003,"EXCEPTIONS",2\n',
      'ROW_MALFORMED',
    ],
    [
      'a value of another row ends',
      'A90002,AST003,EXCEPTIONS,"1\nA90001,AST003,EXCEPTIONS,2"\n',
      'ROW_MALFORMED',
    ],
    ['nothing ends', 'A90002,AST003,EXCEPTIONS,"1\nA90001,AST003,EXCEPTIONS,2\n', 'ROW_MALFORMED'],
  ])('may be about anybody where it has a quotation mark that %s', (_what, rows, code) => {
    const whole = 'A90001,AST001,REGISTER,310\nA90001,AST002,NUMERATOR,240\n';
    const { pages } = read(QOF, `${QOF_LONG_COLUMNS.join(',')}\n${whole}${rows}`);
    expect(pages[0]!.unread).toMatchObject([{ code, place: 2, doubtful: true }]);
  });

  it('is none where nothing stands in it: what an optional field lacks was not sent', () => {
    expect(unreadOf(',,,')).toEqual([]);
  });
});

describe('rows in which nothing stands', () => {
  const blank = [',,,', ' , ,\t,', '"","","",""', '" ",,,', '   ', '\u00a0,,,', ','.repeat(16_383), ',,,,,,'];

  it.each([
    ['qof-long', QOF, REGIONAL],
    ['cqrs', CQRS, `${Object.keys(CQRS_ROW).join(',')}\n${Object.values(CQRS_ROW).join(',')}\n`],
  ])('are counted and are no rows: %s', (_layout, purpose, text) => {
    const alone = read(purpose, text);
    const among = read(purpose, `${blank.join('\r\n')}\r\n${text}${blank.join('\n')}\n\n`);
    expect(among.counts).toEqual({ ...alone.counts, blank: 16 });
    expect(among.rejected).toEqual([]);
    expect(among.pages).toMatchObject(alone.pages.map(({ values, unread }) => ({ values, unread })));
  });

  it('alone are no file', () => {
    expect(() => read(QOF, `${QOF_LONG_COLUMNS.join(',')}\n,,,\n,,,\n`)).toThrow(
      expect.objectContaining({ code: 'FILE_EMPTY' }) as unknown as Error,
    );
  });

  it.each([',,,,,,0', ',,,,,,-', '"""",,,,,,', ',"",,,,,x"'])('are none where something does: %s', (row) => {
    expect(read(QOF, `${REGIONAL}${row}\n`)).toMatchObject({ counts: { blank: 0, rejected: 1 } });
  });

  it('may be a million', () => {
    const { counts } = read(QOF, `${REGIONAL}${',,,\r\n'.repeat(1_000_000)}`);
    expect(counts).toMatchObject({ blank: 1_000_000, rows: 2 });
  });
});
