import { describe, expect, it } from '@jest/globals';
import { CsvRecords, type CsvRecord } from './csv-records.js';

const read = (...parts: string[]): CsvRecord[] => {
  const records = new CsvRecords();
  return [...parts.flatMap((part) => [...records.push(part)]), ...records.end()];
};

describe('CSV records', () => {
  it.each<[string, string[], (readonly string[])[]]>([
    [
      'plain fields',
      ['a,b\nc,d\n'],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a last line without its break',
      ['a,b\nc,d'],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'Windows line ends',
      ['a,b\r\nc,d\r\n'],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['quoted commas', ['"a, b",c\n'], [['a, b', 'c']]],
    ['doubled quotation marks', ['"a ""b""",c\n'], [['a "b"', 'c']]],
    [
      'a line break inside quotation marks',
      ['"a\nb",c\nd,e\n'],
      [
        ['a\nb', 'c'],
        ['d', 'e'],
      ],
    ],
    ['empty fields', [',x\n'], [['', 'x']]],
    ['blank lines', ['a\n\nb\n'], [['a'], ['b']]],
    [
      'a record cut anywhere',
      ['a,"b', ' c"\nd', ',e'],
      [
        ['a', 'b c'],
        ['d', 'e'],
      ],
    ],
  ])('reads %s', (_name, parts, fields) => {
    expect(read(...parts).map((record) => record.fields)).toEqual(fields);
  });

  it('tells where each record begins, also after a record of several lines', () => {
    expect(read('a\n"b\nb"\n\nc\n').map((record) => record.line)).toEqual([1, 2, 5]);
  });

  it.each(['a"b,c', '"a"b,c', 'a,"b'])('calls %s not well-formed and keeps its text', (text) => {
    expect(read(text)).toEqual([expect.objectContaining({ wellFormed: false, original: text })]);
  });

  it('does not let a stray quotation mark swallow the rows that follow', () => {
    expect(read('a"b,c\nd,e\n').map((record) => record.original)).toEqual(['a"b,c', 'd,e']);
  });

  it('counts rows in which nothing stands instead of giving them', () => {
    const blank = [',,,', ' ,\t', '"",""', '" ",', ' ', ','.repeat(16_383), '"",'.repeat(16_383)];
    const records = new CsvRecords();
    const text = ['a,b', ...blank, 'c,d', '"""",', ',x'].join('\r\n');
    const parts = Array.from({ length: Math.ceil(text.length / 5_000) }, (_, i) =>
      text.slice(i * 5_000, (i + 1) * 5_000),
    );
    const read = [...parts.flatMap((part) => [...records.push(part)]), ...records.end()];
    expect(read.map(({ line, fields }) => [line, fields[0]])).toEqual([
      [1, 'a'],
      [9, 'c'],
      [10, '"'],
      [11, ''],
    ]);
    expect(records.blankRows).toBe(7);
  });

  it('counts a million of them', () => {
    const records = new CsvRecords();
    const part = ',,,,,,,,,,,\n'.repeat(10_000);
    for (let i = 0; i < 100; i++) expect([...records.push(part)]).toEqual([]);
    expect(records.blankRows).toBe(1_000_000);
  });

  it('refuses a row that an unclosed quotation mark makes endless', () => {
    expect(() => read(`a,b\n"${'x\n'.repeat(5_000)}`)).toThrow(
      expect.objectContaining({
        code: 'ROW_TOO_LONG',
        facts: { line: 2, maxCharacters: 8_192 },
      }) as unknown as Error,
    );
  });
});
