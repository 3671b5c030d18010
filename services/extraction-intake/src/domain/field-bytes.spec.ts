import { describe, expect, it } from '@jest/globals';
import { isDateNumber, readSubmission, readValue, valueFault } from './field-bytes.js';

const within = (text: string): [Uint8Array, number, number] => [
  Buffer.from(`x${text}x`),
  1,
  1 + Buffer.byteLength(text),
];

describe('a value', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['007', 7],
    ['999999999', 999_999_999],
    ['000000000000000000001', 1],
  ])('%s is %d', (text, value) => expect(readValue(...within(text))).toBe(value));

  it.each([
    ['', 'VALUE_MISSING'],
    ['-1', 'VALUE_NEGATIVE'],
    ['-1.5', 'VALUE_NEGATIVE'],
    ['1000000000', 'VALUE_TOO_LARGE'],
    ['99999999999999999999999999', 'VALUE_TOO_LARGE'],
    ['1.5', 'VALUE_DECIMAL'],
    ['.5', 'VALUE_DECIMAL'],
    ['1.', 'VALUE_DECIMAL'],
    ['1.2.3', 'VALUE_NOT_A_NUMBER'],
    ['-', 'VALUE_NOT_A_NUMBER'],
    [' 1', 'VALUE_NOT_A_NUMBER'],
    ['1,000', 'VALUE_NOT_A_NUMBER'],
    ['1e3', 'VALUE_NOT_A_NUMBER'],
    ['NULL', 'VALUE_NOT_A_NUMBER'],
    ['１', 'VALUE_NOT_A_NUMBER'],
  ])('%j is refused: %s', (text, fault) => expect(valueFault(readValue(...within(text)))).toBe(fault));
});

describe('a time of submission', () => {
  const read = (date: string, time: string): number => {
    const bytes = Buffer.from(date + time);
    return readSubmission(bytes, 0, date.length, date.length, bytes.length);
  };

  it.each([
    ['05/10/2024', '19:36:07', 20241005193607],
    ['29/02/2028', '00:00:00', 20280229000000],
    ['31/12/2026', '23:59:59', 20261231235959],
  ])('%s %s', (date, time, expected) => expect(read(date, time)).toBe(expected));

  it.each([
    ['29/02/2026', '00:00:00'],
    ['29/02/1900', '00:00:00'],
    ['31/04/2026', '00:00:00'],
    ['00/04/2026', '00:00:00'],
    ['01/13/2026', '00:00:00'],
    ['2026-04-01', '00:00:00'],
    ['1/4/2026', '00:00:00'],
    ['01/04/2026', '24:00:00'],
    ['01/04/2026', '10:60:00'],
    ['01/04/2026', '10:00'],
    ['01/04/2026', 'ab:cd:ef'],
  ])('%s %s is none', (date, time) => expect(read(date, time)).toBe(-1));
});

describe('an achievement date', () => {
  it.each([
    [20260731, true],
    [20260731 + 1, false],
    [20280229, true],
    [20270229, false],
    [20261301, false],
    [731, false],
  ])('%d', (date, valid) => expect(isDateNumber(date)).toBe(valid));
});
