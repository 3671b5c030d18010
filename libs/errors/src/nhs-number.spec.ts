import { describe, expect, it } from '@jest/globals';
import { containsNhsNumber } from './nhs-number.js';

describe('an NHS number in a text', () => {
  it.each([
    ['alone', '6744424270'],
    ['in a sentence', 'Patient 9434765919 was counted twice.'],
    ['spaced 3-3-4', '943 476 5919'],
    ['with hyphens', '943-476-5919'],
    ['with no-break spaces', '943\u00a0476\u00a05919'],
    ['behind one that is none', '1234567890 then 9434765919'],
    ['stuck to letters', 'NHS9434765919x'],
    ['beside a UUID', '5d2b1c8e-0f3a-4c1d-9b7e-6744424270ab 6744424270'],
  ])('is found %s', (_where, text) => expect(containsNhsNumber(text)).toBe(true));

  it.each([
    ['a wrong check digit', '9434765918'],
    ['a check digit of 10, which never occurs', '1000000010'],
    ['part of a longer number', '19434765919'],
    ['followed by more digits', '94347659191'],
    ['nine digits', '943476591'],
    ['spaced otherwise', '9434 765 919'],
    ['spaced with two kinds', '943 476-5919'],
    ["a UUID, as people's ids are", 'bench.5d2b1c8e-0f3a-4c1d-9b7e-6744424270ab'],
    ['nothing', ''],
  ])('is not seen in %s', (_what, text) => expect(containsNhsNumber(text)).toBe(false));
});
