import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readCsv } from '../src/csv.js';

const folder = mkdtempSync(join(tmpdir(), 'attest-csv-'));
const path = join(folder, 'practices.csv');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file of the month', () => {
  it('is refused when it lacks a column that is read, by its name', () => {
    writeFileSync(path, 'practice_code,name\nX00001,MADE-UP SURGERY\n');
    expect(() => readCsv(path, ['practice_code', 'close_date', 'icb_code'])).toThrow(
      `${path} has no column close_date, icb_code.`,
    );
  });

  it('may have columns that nobody reads', () => {
    writeFileSync(path, 'practice_code,name\nX00001,MADE-UP SURGERY\n');
    expect(readCsv(path, ['practice_code']).map((row) => row.practice_code)).toEqual(['X00001']);
  });
});
