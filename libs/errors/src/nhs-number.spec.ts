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
    ['that begins with 4', '4505577104'],
    ['that begins with 7', '765-432-1090'],
    ['with long dashes', '943\u2013476\u20135919'],
    ['with dashes that do not break', '943\u2011476\u20115919'],
    ['with dashes in spaces', '943 - 476 - 5919'],
    ['with two spaces each', '943  476  5919'],
    ['with underscores, as file names have them', 'list_943_476_5919.csv'],
    ['with dots', '943.476.5919'],
    ['as a file name', '9434765919.csv'],
    ['as a number that a table made decimal', '9434765919.0'],
    ['behind the word reference alone', 'Reference 9434765919'],
    ['spaced behind a bank reference', 'Bank reference 943 476 5919'],
    ['behind a bank reference', 'Bank reference 4505577104, for 9434765919'],
    ['with slashes', '943/476/5919'],
    ['with slashes in spaces', '943 / 476 / 5919'],
    ['with zero-width spaces', '943\u200b476\u200b5919'],
    ['over two lines', '943 476\n5919'],
    ['over three lines of Windows', '943\r\n476\r\n5919'],
    ['with zero-width spaces in every place', [...'9434765919'].join('\u200b')],
    ['in brackets behind a patient', 'patient_reference (9434765919)'],
    ['of Scotland, where the text says CHI', 'CHI 0101701233'],
    ['of Scotland, where the text speaks of a patient', 'The patient (010170 1233) moved.'],
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
    ['a file named by date and hour', 'CQRS_2026080909.csv'],
    ['seconds since 1970', 'extract-1786352419.csv'],
    ['a time written ddmmyyHHMM', '0101701233'],
    ['ten digits that are no day of a month, though of a patient', 'Patient list 2026081107'],
    ['a bank reference by date', 'Returned under bank reference 2026081107'],
    ['a bank reference of another kind', 'Returned under Bank reference no. 4505577104.'],
    ['a payment reference', 'payment ref: 9434765919'],
    ['a payment’s column', 'bank_reference 9434765919'],
    ['a payment’s heading', 'Bank-Ref 9434765919'],
    ['a reference behind an equals sign', 'bank reference=9434765919'],
    ['a reference in brackets', 'bank reference (9434765919)'],
    ['a short transaction reference', 'txn ref 9434765919'],
    ['the reference of ISO 20022', 'EndToEndId 9434765919'],
    ['the same in words', 'end-to-end id: 9434765919'],
    ['a hash', 'sha256 e3b0c442a9434765919b92427ae41e4649b934ca495991b7852b855ab0c1d2e3'],
    ['a hash in capitals', 'A9434765919BF00D'],
    ['a UUID without dashes', '5d2b1c8e0f3a4c1d9b7e6744424270ab'],
    ['the decimals of a number', '0.9434765919'],
    ['six digits and four, as no English number is written', '943476 5919'],
  ])('is not seen in %s', (_what, text) => expect(containsNhsNumber(text)).toBe(false));

  it('is seen in no name of a file of patients by its time, ddmmyyHHMM', () => {
    const names: string[] = [];
    for (let day = 1; day <= 31; day++)
      for (let hour = 0; hour < 24; hour++)
        names.push(`patients_${`${day}`.padStart(2, '0')}0826${`${hour}`.padStart(2, '0')}00.csv`);
    expect(names.filter(containsNhsNumber)).toEqual([]);
  });

  it.each([2025, 2026, 2027, 2028])('is seen in none of the file names by hour of %d', (year) => {
    const names: string[] = [];
    for (let at = Date.UTC(year, 0); at < Date.UTC(year + 1, 0); at += 3_600_000)
      names.push(`CQRS_${new Date(at).toISOString().slice(0, 13).replaceAll(/\D/g, '')}.csv`);
    expect(names.filter(containsNhsNumber)).toEqual([]);
    expect(names.length).toBeGreaterThanOrEqual(8_760);
  });
});
