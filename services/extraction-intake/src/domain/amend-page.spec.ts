import { describe, expect, it } from '@jest/globals';
import { amendPage, inOrderOf, type AskedValue } from './amend-page.js';

const FIELDS = [
  { indicatorCode: 'AST002', fieldName: 'NUMERATOR', required: true },
  { indicatorCode: 'AST002', fieldName: 'DENOMINATOR', required: true },
  { indicatorCode: 'AST002', fieldName: 'NOTE', required: false },
];
const PAGE = [52, 60, null];
const ask = (fieldName: string, value: unknown, indicatorCode = 'AST002'): AskedValue => ({
  indicatorCode,
  fieldName,
  value,
});

describe('an amendment of a page', () => {
  it('puts the asked values in place and leaves the others alone', () => {
    expect(amendPage(FIELDS, PAGE, [ask('NUMERATOR', 55), ask('DENOMINATOR', 60)])).toEqual({
      values: [55, 60, null],
      changes: [{ indicatorCode: 'AST002', fieldName: 'NUMERATOR', oldValue: 52, newValue: 55 }],
    });
  });

  it('may give what was not sent, and 0 is not nothing', () => {
    expect(amendPage(FIELDS, PAGE, [ask('NOTE', 0)]).changes).toEqual([
      { indicatorCode: 'AST002', fieldName: 'NOTE', oldValue: null, newValue: 0 },
    ]);
  });

  it.each<[string, readonly AskedValue[], string]>([
    ['an unknown field', [ask('NOSUCH', 1)], 'FIELD_UNKNOWN'],
    ['a field of another indicator', [ask('NUMERATOR', 1, 'AST001')], 'FIELD_UNKNOWN'],
    ['a field named twice', [ask('NUMERATOR', 1), ask('NUMERATOR', 1)], 'FIELD_DUPLICATE'],
    ['a value that is missing', [ask('NUMERATOR', undefined)], 'VALUE_MISSING'],
    ['null', [ask('NUMERATOR', null)], 'VALUE_MISSING'],
    ['a value below 0', [ask('NUMERATOR', -1)], 'VALUE_NEGATIVE'],
    ['a value above 999,999,999', [ask('NUMERATOR', 1_000_000_000)], 'VALUE_TOO_LARGE'],
    ['a value that no number holds exactly', [ask('NUMERATOR', 1e30)], 'VALUE_TOO_LARGE'],
    ['a decimal', [ask('NUMERATOR', 12.5)], 'VALUE_DECIMAL'],
    ['digits in quotes', [ask('NUMERATOR', '12')], 'VALUE_NOT_A_NUMBER'],
    ['a list', [ask('NUMERATOR', [12])], 'VALUE_NOT_A_NUMBER'],
    ['what the page says already', [ask('NUMERATOR', 52), ask('DENOMINATOR', 60)], 'NOTHING_CHANGED'],
  ])('is refused for %s', (_, asked, code) => {
    expect(() => amendPage(FIELDS, PAGE, asked)).toThrow(expect.objectContaining({ code }));
  });

  it('tells all faults together, by their place and without repeating what was sent', () => {
    const asked = [ask('NUMERATOR', 53), ask('DENOMINATOR', -7), ask('PATIENT 9434765919', 1)];
    expect(() => amendPage(FIELDS, PAGE, asked)).toThrow(
      expect.objectContaining({
        code: 'VALUE_NEGATIVE',
        facts: { place: 1, faults: 2 },
        detail: expect.stringMatching(
          /values\[1\] VALUE_NEGATIVE.*values\[2\] FIELD_UNKNOWN(?!.*9434765919)/s,
        ),
      }),
    );
  });

  it('is refused while the page would still lack what the service requires', () => {
    expect(() => amendPage(FIELDS, [52, null, null], [ask('NUMERATOR', 50)])).toThrow(
      expect.objectContaining({
        code: 'PAGE_INCOMPLETE',
        facts: { lacking: 1, first: 'AST002 DENOMINATOR' },
      }),
    );
  });
});

describe('a page that an earlier rule pack ordered', () => {
  it('is read by names: added fields were not sent, dropped ones are read by nobody', () => {
    const before = [
      { indicatorCode: 'AST002', fieldName: 'DENOMINATOR' },
      { indicatorCode: 'AST002', fieldName: 'GONE' },
      { indicatorCode: 'AST002', fieldName: 'NUMERATOR' },
    ];
    expect(inOrderOf(FIELDS, before, [60n, 9n, 52n])).toEqual([52, 60, null]);
  });
});
