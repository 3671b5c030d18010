import { describe, expect, it } from '@jest/globals';
import { CQRS_EXTRACT_COLUMNS, QOF_LONG_COLUMNS } from '@attest/contracts';
import fc from 'fast-check';
import { FileReading } from './read-file.js';
import { Reference } from './reference.js';
import type { RejectedRow } from './rejected-row.js';
import { WholeFile } from './whole-file.js';

const FIELDS = ['ONE', 'TWO', 'THREE'].map((indicatorCode, place) => ({
  indicatorCode,
  fieldName: 'DOSES',
  required: place === 0,
}));
const reference = new Reference(
  [
    {
      serviceCode: 'VAX',
      startOn: '2026-04-01',
      endOn: null,
      achievementDates: ['2026-07-31'],
      rulePack: { version: 1, fields: FIELDS, ignoredFields: [] },
      parked: false,
    },
  ],
  ['A90001', 'A90002'].map((code) => ({
    code,
    kind: 'practice',
    parked: false,
    openOn: null,
    closeOn: null,
  })),
  new Date('2026-10-25T12:00:00Z'),
);

/** Everything that a file says, but for the lines on which it stands. */
function read(layout: 'cqrs' | 'qof-long', rows: readonly string[]) {
  const rejected: RejectedRow[] = [];
  const purpose =
    layout === 'cqrs'
      ? { layout, serviceCode: null, achievementDate: null }
      : { layout, serviceCode: 'VAX', achievementDate: '2026-07-31' };
  const columns = layout === 'cqrs' ? CQRS_EXTRACT_COLUMNS : QOF_LONG_COLUMNS;
  const reading = new FileReading(reference, purpose, (row) => rejected.push(row));
  reading.push(Buffer.from([columns.join(','), ...rows, ''].join('\n')));
  reading.end();
  const collectors = [...reading.rows.collectors()];
  const whole = new WholeFile(collectors);
  const firsts = [...whole.contradictedLines()].map((line) => ({
    code: 'VALUE_CONTRADICTORY',
    text: rows[line - 2]!,
  }));
  const told = rejected.flatMap((row) => whole.told(row) ?? []).map(({ code, text }) => ({ code, text }));
  return {
    told: [...told, ...firsts].map(({ code, text }) => `${code} ${plain(code, text)}`).sort(),
    taken: collectors.reduce((sum, collector) => sum + collector.takenRows, 0),
    pages: collectors
      .flatMap((collector) => [...collector.collected(reading.rows.doubts)])
      .map(({ firstLine: _first, lastLine: _last, unread, ...page }) => ({
        ...page,
        unread: unread.map(({ line: _line, ...one }) => one),
      }))
      .sort((a, b) => a.practice - b.practice),
  };
}

/** Of rows with one value the later ones are told: they differ at most in whether it is a default. */
const plain = (code: string, text: string): string =>
  code === 'VALUE_DUPLICATE' ? text.replace(/,(None|Y),user,/, ',,user,') : text;

const aValue = fc.constantFrom('1', '2', '3', '*', '', '1.5');
const aPractice = fc.constantFrom('A90001', 'A90002', 'A99999');
const aField = fc.constantFrom('ONE', 'TWO', 'THREE', 'FOUR');
const aTime = fc.constantFrom(
  '25/10/2026,01:30:00',
  '25/10/2026,01:45:00',
  '25/10/2026,02:00:00',
  '01/01/2062,09:00:00',
);
const aCqrsRow = fc
  .tuple(aPractice, aField, aValue, aTime, fc.constantFrom('None', 'Y'), fc.constantFrom('Y', 'Y', 'Y', 'N'))
  .map(
    ([practice, field, value, time, isDefault, last]) =>
      `VAX,Made up,${practice},20260731,${field},DOSES,${value},${isDefault},user,${time},${last}`,
  );
const aLongRow = fc
  .tuple(aPractice, aField, aValue)
  .map(([practice, field, value]) => `${practice},${field},DOSES,${value}`);

describe('the same rows in another order say the same', () => {
  it.each([
    ['cqrs', aCqrsRow],
    ['qof-long', aLongRow],
  ] as const)('in the layout %s', (layout, aRow) => {
    const rowsTwice = fc
      .array(aRow, { minLength: 1, maxLength: 14 })
      .chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
    fc.assert(
      fc.property(rowsTwice, ([rows, shuffled]) => {
        expect(read(layout, shuffled)).toEqual(read(layout, rows));
      }),
      { numRuns: 300 },
    );
  });
});

describe('rows that contradict each other', () => {
  it.each([
    [['1', '2'], 2],
    [['1', '1', '2'], 3],
    [['2', '1', '1'], 3],
  ])('%j are all told, the first as well', (values, told) => {
    const rows = values.map((value) => `A90001,TWO,DOSES,${value}`);
    const file = read('qof-long', ['A90001,ONE,DOSES,1', ...rows]);
    expect(file.told).toHaveLength(told);
    expect(file.told.every((row) => row.startsWith('VALUE_CONTRADICTORY'))).toBe(true);
    expect(file.taken).toBe(1);
  });

  it('of half past one, written twice on the night when clocks go back, are one submission’s', () => {
    const row = (value: number) =>
      `VAX,Made up,A90001,20260731,ONE,DOSES,${value},None,user,25/10/2026,01:30:00,Y`;
    expect(read('cqrs', [row(1), row(2)])).toMatchObject({
      taken: 0,
      told: [`VALUE_CONTRADICTORY ${row(1)}`, `VALUE_CONTRADICTORY ${row(2)}`],
    });
  });
});
