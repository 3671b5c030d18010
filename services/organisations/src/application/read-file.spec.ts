import { describe, expect, it } from '@jest/globals';
import type { LondonDate } from '@attest/calendar';
import type { Layout, Row } from '../domain/files/layouts.js';
import { readMembership, readPractice } from '../domain/files/read-row.js';
import { readFile, type ReadFile } from './read-file.js';

const AS_AT = '2026-08-01' as LondonDate;
const read = <L extends Layout, T>(
  layout: L,
  rowOf: (row: Row<L>) => T,
  lines: readonly string[],
): Promise<ReadFile<T>> => {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from(lines.join('\r\n'));
  }
  return readFile(layout, chunks(), rowOf, [(value) => JSON.stringify(value)]);
};

const PRACTICE = (code: string): string =>
  `${code},A made-up practice,Y00,QX0,,,,,,X1 1XX,19740401,,A,B,00X,20200401,,,,,,0,,00X,,4,`;
const practices = (...lines: string[]) => read('practices', (row) => readPractice(row, AS_AT), lines);
const BLANK = ','.repeat(26);

const SPELLS =
  'Partner Organisation Code,Partner Name,Practice Parent Sub ICB Loc Code,Practice Parent Sub ICB Loc Name,PCN Code,PCN Name,PCN Parent Sub ICB Loc Code,PCN Parent Sub ICB Loc Name,Practice to PCN Relationship Start Date,Practice to PCN Relationship End Date,Practice Sub ICB and PCN Sub ICB Match?';
const SPELL = (practice: string, pcn: string, from: string, to = ''): string =>
  `${practice},A made-up practice,00X,Made up,${pcn},A made-up PCN,00X,Made up,${from},${to},Y`;
const memberships = (...lines: string[]) =>
  read('pcn-memberships', (row) => readMembership(row, AS_AT), [SPELLS, ...lines, '']);

describe('a blank row', () => {
  it.each([
    ['as wide as the others', BLANK],
    ['narrower', ',,'],
    ['of spaces, without a line end', '  '],
  ])('names nobody and is no row: %s', async (_how, blank) => {
    const { rows, blankRows, rejected, unread } = await practices(PRACTICE('X00001'), blank, blank);
    expect({ rows, blankRows, rejected, unread }).toEqual({
      rows: 1,
      blankRows: 2,
      rejected: [],
      unread: [],
    });
  });

  it('behind a short row shows that the file went on: that row alone is not taken', async () => {
    const { taken, rejected } = await practices(PRACTICE('X00001'), 'X00002,A made-up', BLANK, '');
    expect(taken).toHaveLength(1);
    expect(rejected).toMatchObject([{ line: 2, code: 'COLUMN_COUNT' }]);
  });
});

describe('a last day', () => {
  it.each([
    ['99991231', 'DATE_FORMAT'],
    ['9999-12-31', 'DATE_FORMAT'],
    ['99980101', undefined],
  ])('%s is a day, not a word for never', async (last, code) => {
    const spells = await memberships(SPELL('X00001', 'U00001', '20260401', last));
    expect(spells.rejected[0]?.code).toBe(code);
    const closing = PRACTICE('X00001').replace('19740401,,A', `19740401,${last},A`);
    expect((await practices(closing, '')).rejected[0]?.code).toBe(code);
  });
});

describe('a first day', () => {
  it.each(['99991231', '9999-12-31', '00000101'])('%s is none', async (first) => {
    const spells = await memberships(SPELL('X00001', 'U00001', first, ''));
    expect(spells.rejected[0]?.code).toBe('DATE_FORMAT');
    const opening = PRACTICE('X00001').replace('19740401', first);
    expect((await practices(opening, '')).rejected[0]?.code).toBe('DATE_FORMAT');
  });

  it('may be of the year 1: somebody was always there', async () => {
    expect((await memberships(SPELL('X00001', 'U00001', '00010101', ''))).rejected).toEqual([]);
  });
});

describe('a file as its publisher sends it', () => {
  it.each([
    ['before its last row ends', [BLANK, 'X00002,A made-up']],
    ['before its last row ends, with a line end', [BLANK, 'X00002,A made-up', '']],
    ['inside a quotation', [BLANK, 'X00002,"A made-up']],
  ])('is refused where it is cut off %s', async (_where, lines) => {
    await expect(practices(PRACTICE('X00001'), ...lines)).rejects.toMatchObject({ code: 'FILE_CUT_OFF' });
  });

  it('names by its own columns whom a row speaks of that cannot be taken', async () => {
    const { taken, rejected, unread } = await memberships(
      SPELL('X00001', 'U00001', '20260401'),
      SPELL('X00002', 'U00001', '2026'),
      SPELL('X00002', 'U00002', '20250401'),
    );
    expect(taken.map(({ value }) => value.practice.practiceCode)).toEqual(['X00001']);
    expect(rejected.map(({ line, code }) => [line, code])).toEqual([
      [3, 'DATE_FORMAT'],
      [4, 'ROW_BESIDE_FAULTY'],
    ]);
    expect(unread).toEqual([
      { kind: 'practice', code: 'X00002' },
      { kind: 'pcn', code: 'U00001' },
      { kind: 'pcn', code: 'U00002' },
    ]);
  });
});
