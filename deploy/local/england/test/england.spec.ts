import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
// @ts-expect-error plain modules, so that they run before anything is installed
import { readCsv } from '../csv.mjs';
// @ts-expect-error plain modules
import { generateEngland } from '../generate.mjs';
// @ts-expect-error plain modules
import { ITEM_SERVICES, penceOf } from '../item-services.mjs';
// @ts-expect-error plain modules
import { itemsOf, prepareMonth } from '../prepare.mjs';

type Row = Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), 'attest-england-'));
const made = join(folder, 'england');
const rows = (name: string): Row[] => readCsv(join(made, name)) as Row[];
const bytesOf = (path: string): string[] =>
  readdirSync(path)
    .sort()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(path, name)))
          .digest('hex')}`,
    );

beforeAll(() => generateEngland(made, { seed: 7 }), 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a made-up England', () => {
  it('is the same for the same seed and another for another', () => {
    generateEngland(join(folder, 'again'), { seed: 7 });
    expect(bytesOf(join(folder, 'again'))).toEqual(bytesOf(made));
    generateEngland(join(folder, 'other'), { seed: 8 });
    expect(bytesOf(join(folder, 'other'))).not.toEqual(bytesOf(made));
  }, 60_000);

  it('has the shape and size of the real one', () => {
    const july = rows('practice_pcn_icb_2026-07.csv.gz');
    expect(july).toHaveLength(6_139);
    expect(new Set(july.map((row) => row['icb_code'])).size).toBe(36);
    expect(july.filter((row) => row['pcn_code'] === 'U')).toHaveLength(52);
    expect(july.reduce((sum, row) => sum + Number(row['registered_patients']), 0)).toBe(63_436_508);
    expect(rows('practices.csv.gz')).toHaveLength(16_534);
    expect(rows('pcn.csv.gz').filter((row) => row['close_date'] !== '')).toHaveLength(81);
    expect(rows('pcn_membership.csv.gz')).toHaveLength(7_705);
    expect(rows('qof_2014-15_asthma_achievement.csv.gz')).toHaveLength(84_588);
    expect(rows('qof_2014-15_asthma_practices.csv.gz')).toHaveLength(6_042);
  });

  it('has no code that a real organisation could bear', () => {
    // Real practices begin with A-P, V, W or Y, networks with U, boards with Q, regions with Y.
    for (const row of rows('practice_pcn_icb_2026-07.csv.gz')) {
      expect(row['practice_code']).toMatch(/^X\d{5}$/);
      expect(row['pcn_code']).toMatch(/^(XU\d{4}|U)$/);
      expect(row['icb_code']).toMatch(/^XQ/);
      expect(row['region_code']).toMatch(/^XY/);
    }
  });

  it('has seven pairs of membership spells that overlap', () => {
    const byPractice = new Map<string, Row[]>();
    for (const row of rows('pcn_membership.csv.gz')) {
      byPractice.set(row['practice_code']!, [...(byPractice.get(row['practice_code']!) ?? []), row]);
    }
    const overlaps = [...byPractice.values()].flatMap((spells) =>
      spells.flatMap((a, at) =>
        spells
          .slice(at + 1)
          .filter(
            (b) => (a['end_date'] || '9') >= b['start_date']! && (b['end_date'] || '9') >= a['start_date']!,
          ),
      ),
    );
    expect(overlaps).toHaveLength(7);
  });

  it('pays lines that add up to their totals', () => {
    for (const row of rows('nhs_payments_2022-23_practice.csv.gz').slice(0, 500)) {
      const columns = Object.keys(row);
      const streams = columns.slice(columns.indexOf('Global Sum'), columns.indexOf('Other Payments') + 1);
      const sum = streams.reduce((total, column) => total + (penceOf(row[column]!) as bigint), 0n);
      expect(penceOf(row['Total NHS Payments to General Practice']!)).toBe(sum);
    }
  });
});

describe('the month', () => {
  it('loses no pence between what was paid and what it expects', () => {
    const manifest = prepareMonth(made, join(folder, 'month'));
    const payments = rows('nhs_payments_2022-23_practice.csv.gz');
    const paid = payments.reduce(
      (sum, row) =>
        sum +
        ITEM_SERVICES.reduce(
          (part: bigint, service: { column: string }) => part + (penceOf(row[service.column]!) as bigint),
          0n,
        ),
      0n,
    );
    const leftOut = (readCsv(join(folder, 'month', 'left-out.csv')) as Row[]).reduce(
      (sum, row) => sum + (penceOf(row['amount']!) as bigint),
      0n,
    );
    expect(BigInt(manifest.expected.itemPence) + leftOut).toBe(paid);
  });

  it('casts two movers of different networks who leave two members behind', () => {
    const { cast } = prepareMonth(made, join(folder, 'month'));
    const pcns = [
      cast.mover.leavesPcnCode,
      cast.mover.joinsPcnCode,
      cast.lateMover.leavesPcnCode,
      cast.lateMover.joinsPcnCode,
    ];
    expect(new Set(pcns).size).toBe(4);
  });

  it.each([
    ['', 'no amount'],
    ['0', 'nil: did not take part'],
    ['-10.06', 'negative: an adjustment'],
    ['10.07', 'not a whole multiple of the fee: an adjustment or another year'],
  ])('leaves out an amount of "%s": %s', (amount, reason) => {
    const row = Object.fromEntries(ITEM_SERVICES.map((service: { column: string }) => [service.column, '0']));
    const { leftOut } = itemsOf([{ 'Practice Code': 'X00001', ...row, Pertussis: amount }], new Map());
    expect(leftOut[0]).toEqual(['X00001', 'VIPERT2223', amount, reason]);
  });
});

const published = process.env['ATTEST_DATA'];
(published ? describe : describe.skip)('the published England', () => {
  it('has the counts that its publishers state', () => {
    const { expected, services } = prepareMonth(published!, join(folder, 'published'));
    expect(expected).toMatchObject({ practices: 6_139, commissioners: 36 });
    const participants = Object.fromEntries(
      services.map((s: { serviceCode: string; participation: { providers: string[] } }) => [
        s.serviceCode,
        s.participation.providers.length,
      ]),
    );
    // Whole multiples of £10.06 among pertussis payments: 6,190 of 6,194 that are not nil or negative.
    expect(participants).toMatchObject({
      QOFAST1415: 6_042,
      VIPERT2223: 6_190,
      VICHILD2223: 6_349,
      WMS2223: 5_740,
    });
  });
});
