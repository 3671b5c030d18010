import { parseLondonDate } from '@attest/calendar';
import { describe, expect, it } from '@jest/globals';
import { Standing, type TakenFile } from './standing.js';

const asAt = parseLondonDate('2026-08-01');
const aFile = (fileId: string, received: bigint, unread: TakenFile['unread'] = []): TakenFile => ({
  fileId,
  layout: 'practice-pcn-icb',
  asAt,
  received,
  unread,
});
const row = (fileId: string, code: string) => ({ fileId, code });
const standing = (files: TakenFile[], rows: ReturnType<typeof row>[]) =>
  new Standing(files).rows(rows, 'practice', ({ code }) => code).map(({ fileId, code }) => fileId + code);

describe('of two files of one date', () => {
  const unread = (code: string | null) => [{ kind: 'practice' as const, code }];
  const rows = [row('old', 'A'), row('old', 'B'), row('old', 'C'), row('new', 'A')];

  it.each<[string, TakenFile[], string[]]>([
    ['the newer counts', [aFile('old', 1n), aFile('new', 2n)], ['newA']],
    ['in whatever order they are given', [aFile('new', 2n), aFile('old', 1n)], ['newA']],
    [
      'the older counts for whom the newer names and could not read',
      [aFile('old', 1n), aFile('new', 2n, unread('B'))],
      ['oldB', 'newA'],
    ],
    [
      'and for all whom it lacks where it holds a code that cannot be read',
      [aFile('old', 1n), aFile('new', 2n, unread(null))],
      ['oldB', 'oldC', 'newA'],
    ],
    [
      'an unread PCN says nothing of practices',
      [aFile('old', 1n), aFile('new', 2n, [{ kind: 'pcn', code: null }])],
      ['newA'],
    ],
    ['a file that does not count says nothing', [aFile('old', 1n)], ['oldA', 'oldB', 'oldC']],
  ])('%s', (_name, files, expected) => {
    expect(standing(files, rows)).toEqual(expected);
  });
});

it('a faulty row is looked at once, however many rows a file has', () => {
  let looks = 0;
  const codes = Array.from({ length: 200 }, (_, i) => `A${i}`);
  const unread = codes.map((code) => ({
    kind: 'practice' as const,
    get code() {
      looks++;
      return code;
    },
  }));
  const rows = codes.map((code) => row('old', code));
  expect(standing([aFile('old', 1n), aFile('new', 2n, unread)], rows)).toHaveLength(200);
  expect(looks).toBe(200);
});

describe('a list', () => {
  it('lacks an ICB only where no row may name it', () => {
    const lacks = (unread: TakenFile['unread']): boolean =>
      new Standing([aFile('new', 1n, unread)])
        .listings([row('new', 'QA')], ({ code }) => code)[0]!
        .lacks('QB');
    expect(lacks([])).toBe(true);
    expect(lacks([{ kind: 'commissioner', code: 'QB' }])).toBe(false);
    expect(lacks([{ kind: 'commissioner', code: null }])).toBe(false);
    expect(lacks([{ kind: 'commissioner', code: 'QC' }])).toBe(true);
  });
});
