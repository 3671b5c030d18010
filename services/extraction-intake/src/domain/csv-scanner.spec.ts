import { describe, expect, it } from '@jest/globals';
import { CsvScanner } from './csv-scanner.js';

interface Seen {
  fields: string[];
  line: number;
  raw: string;
  malformed: boolean;
}

/** Scans a text cut into chunks of this many bytes. */
function scan(text: string | Buffer, chunkBytes: number): Seen[] {
  const seen: Seen[] = [];
  const scanner = new CsvScanner((row) =>
    seen.push({
      fields: Array.from({ length: row.fields }, (_, i) =>
        Buffer.from(row.bytes.subarray(row.starts[i], row.ends[i])).toString(),
      ),
      line: row.line,
      raw: Buffer.from(row.raw.subarray(row.rawStart, row.rawEnd)).toString(),
      malformed: row.malformed,
    }),
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) scanner.push(bytes.subarray(at, at + chunkBytes));
  scanner.end();
  return seen;
}

describe('the CSV scanner', () => {
  it.each<[string, string, string[][], number[]]>([
    [
      'plain rows',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'CRLF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'a last row without its line end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'a last quoted row without its line end',
      'a,b\nc,"d"',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'a byte order mark',
      '\ufeffa,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [1, 2],
    ],
    [
      'empty fields',
      ',\n,,\n',
      [
        ['', ''],
        ['', '', ''],
      ],
      [1, 2],
    ],
    ['blank lines', 'a\n\n\nb\n', [['a'], ['b']], [1, 4]],
    [
      'quoted fields',
      '"a","b"\r\nc,"d,e"\n',
      [
        ['a', 'b'],
        ['c', 'd,e'],
      ],
      [1, 2],
    ],
    [
      'quotes within quotes',
      '"say ""a""",b\n"""",""\n',
      [
        ['say "a"', 'b'],
        ['"', ''],
      ],
      [1, 2],
    ],
    [
      'line ends within quotes',
      '"a\nb",c\nd,e\n',
      [
        ['a\nb', 'c'],
        ['d', 'e'],
      ],
      [1, 3],
    ],
    ['letters of two bytes', 'Bodé,é\n', [['Bodé', 'é']], [1]],
  ])('reads %s, however it is cut', (_name, text, rows, lines) => {
    for (const chunkBytes of [1, 2, 3, 5, 1000]) {
      const seen = scan(text, chunkBytes);
      expect(seen.map((row) => row.fields)).toEqual(rows);
      expect(seen.map((row) => row.line)).toEqual(lines);
      expect(seen.every((row) => !row.malformed)).toBe(true);
    }
  });

  it.each([
    ['text after a closing quote', '"a"b,c\nd,e\n'],
    ['a quote inside plain text', 'a"b,c\nd,e\n'],
  ])('marks %s as malformed and goes on', (_name, text) => {
    for (const chunkBytes of [1, 4, 1000])
      expect(scan(text, chunkBytes).map((row) => [row.malformed, row.line])).toEqual([
        [true, 1],
        [false, 2],
      ]);
  });

  it('gives a quote left open at the end as one malformed row with its text', () => {
    expect(scan('a,b\nc,"d\ne,f', 4)).toEqual([
      { fields: ['a', 'b'], line: 1, raw: 'a,b', malformed: false },
      { fields: [], line: 2, raw: 'c,"d\ne,f', malformed: true },
    ]);
  });

  it('refuses a row longer than 64 KB instead of swallowing the file', () => {
    const swallowing = `a,b\nc,"d\n${'e,f\n'.repeat(40_000)}`;
    expect(() => scan(swallowing, 16_384)).toThrow(
      expect.objectContaining({ code: 'ROW_TOO_LONG', facts: { line: 2 } }) as unknown as Error,
    );
    expect(() => scan('x'.repeat(200_000), 16_384)).toThrow(
      expect.objectContaining({ code: 'ROW_TOO_LONG' }) as unknown as Error,
    );
  });

  it('tells the row as it was sent', () => {
    expect(scan('a,b\r\n"c, d",e\r\n', 3).map((row) => row.raw)).toEqual(['a,b', '"c, d",e']);
  });
});
