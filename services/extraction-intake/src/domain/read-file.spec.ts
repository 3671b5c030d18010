import { describe, expect, it } from '@jest/globals';
import { CQRS_EXTRACT_COLUMNS } from '@attest/contracts';
import { FileReading } from './read-file.js';
import { Reference } from './reference.js';

const FIELDS = Array.from({ length: 30 }, (_, i) => ({
  indicatorCode: `IND${i}`,
  fieldName: 'NUMERATOR',
  required: true,
}));
const PRACTICES = Array.from({ length: 6_139 }, (_, i) => `A9${String(10_000 + i)}`);
const SERVICES = Array.from({ length: 11 }, (_, i) => `SERVICE${String.fromCharCode(65 + i)}`);
const MEBIBYTE = 1024 * 1024;
const CHUNK = 64 * 1024;
const LF = 10;
/** Where the service's own letter stands in a row. */
const DIGIT = 'SERVICE'.length;

const reference = (): Reference =>
  new Reference(
    SERVICES.map((serviceCode) => ({
      serviceCode,
      startOn: '2026-04-01',
      endOn: null,
      achievementDates: ['2026-07-31'],
      rulePack: { version: 1, fields: FIELDS, ignoredFields: [] },
      parked: false,
    })),
    PRACTICES.map((code) => ({ code, kind: 'practice', parked: false, openOn: null, closeOn: null })),
    new Date('2026-08-15T09:00:00Z'),
  );

const ROW = (service: string, practice: string, field: number): string =>
  `${service},Made up,${practice},20260731,IND${field},NUMERATOR,7,None,cro-processor,05/08/2026,19:00:07,Y\n`;

/** All rows of one service: 30 fields of 6,139 practices. The next services' differ in one byte each. */
const rowsOfOne = Buffer.from(
  PRACTICES.map((practice) => FIELDS.map((_, i) => ROW('SERVICE0', practice, i)).join('')).join(''),
);

/** Reads as many services' rows in one file, in chunks as a socket gives them. */
function read(services: number): { reading: FileReading; peakMiB: number } {
  const reading = new FileReading(
    reference(),
    { layout: 'cqrs', serviceCode: null, achievementDate: null },
    () => undefined,
  );
  reading.push(Buffer.from(`${CQRS_EXTRACT_COLUMNS.join(',')}\n`));
  let peak = 0;
  for (let service = 0; service < services; service++) {
    for (let at = 0; at < rowsOfOne.length; at = rowsOfOne.indexOf(LF, at) + 1)
      rowsOfOne[at + DIGIT] = 65 + service;
    for (let at = 0; at < rowsOfOne.length; at += CHUNK) reading.push(rowsOfOne.subarray(at, at + CHUNK));
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + arrayBuffers);
  }
  reading.end();
  return { reading, peakMiB: peak / MEBIBYTE };
}

describe('reading a file', () => {
  it('of two million rows takes memory by practices and fields, not by rows', () => {
    const one = read(1);
    const all = read(SERVICES.length);
    expect(all.reading.rows.counts).toMatchObject({ rows: 2_025_870, taken: 2_025_870, rejected: 0 });
    expect([...all.reading.rows.collectors()].map((collector) => collector.pages)).toEqual(
      SERVICES.map(() => 6_139),
    );
    // Four bytes a value in arrays that double as they grow; 187 MB of rows leave nothing else behind.
    const pagesMiB = (SERVICES.length * 8_192 * FIELDS.length * 4 * 1.5) / MEBIBYTE;
    expect(all.peakMiB - one.peakMiB).toBeLessThan(pagesMiB + 40);
  });
});
