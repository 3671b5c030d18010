import { describe, expect, it } from '@jest/globals';
import { plainArray, textArray } from './array-literals.js';
import { encodeRow } from './copy-in.js';
import { parseBigintArray } from './type-parsers.js';

describe('array literals', () => {
  it.each([
    [[], '{}'],
    [[1, -2n, null, undefined, true], '{1,-2,NULL,NULL,true}'],
  ])('plain values %# are joined as they are', (values, literal) => {
    expect(plainArray(values)).toBe(literal);
  });

  it.each([
    [['a', null], '{"a",NULL}'],
    [['NULL', ''], '{"NULL",""}'],
    [
      ['a,b', '{x}', 'say "no"', 'back\\slash', 'two\nlines'],
      '{"a,b","{x}","say \\"no\\"","back\\\\slash","two\nlines"}',
    ],
  ])('text %# is quoted and escaped', (values, literal) => {
    expect(textArray(values)).toBe(literal);
  });

  it('int8[] comes back as bigint with nulls', () => {
    expect(parseBigintArray('{}')).toEqual([]);
    expect(parseBigintArray('{1,NULL,-9007199254740993}')).toEqual([1n, null, -9007199254740993n]);
  });
});

describe('a row of text COPY', () => {
  it.each([
    [['a', 1, 2n, true, false], 'a\t1\t2\tt\tf\n'],
    [[null, undefined], '\\N\t\\N\n'],
    [['tab\there', 'back\\slash', 'two\nlines\r'], 'tab\\there\tback\\\\slash\ttwo\\nlines\\r\n'],
    [[new Date('2026-07-31T12:00:00Z')], '2026-07-31T12:00:00.000Z\n'],
    [[Buffer.from([0, 255])], '\\\\x00ff\n'],
    [[[1n, null, 3n]], '{1,NULL,3}\n'],
    [[BigInt64Array.from([1n, -2n])], '{1,-2}\n'],
    [[['a"b', 'c\\d']], '{"a\\\\"b","c\\\\\\\\d"}\n'],
    [[{ words: 'a\nb' }], '{"words":"a\\\\nb"}\n'],
  ])('%# is encoded by its JavaScript types', (row, line) => {
    expect(encodeRow(row)).toBe(line);
  });
});
