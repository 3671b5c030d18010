import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLISHED_DATA, unlessSkipped, WITHOUT_DATA } from '@attest/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ITEM_SERVICES, penceOf } from '../src/item-services.js';
import { hundredthsOf, INDICATORS } from '../src/made-up/asthma.js';
import { prepareMonth } from '../src/prepare.js';
import type { Manifest } from '../src/manifest.js';
import { amountIn, groupBy, rowsOf } from './rows.js';

const published = PUBLISHED_DATA ?? '';

/** Numbers that the publications, or the account of them, state; checked wherever the files are given. */
unlessSkipped(describe, WITHOUT_DATA)('the published England', () => {
  const folder = mkdtempSync(join(tmpdir(), 'attest-published-'));
  const month = join(folder, 'month');
  let manifest: Manifest;

  beforeAll(() => {
    manifest = prepareMonth(published, month);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is not taken for a made-up one', () => {
    expect(manifest.madeUp).toBe(false);
    expect(
      rowsOf(published, 'practices.csv.gz').filter((row) => row['practice_code']!.startsWith('X')),
    ).toEqual([]);
  });

  it('has 6,139 practices in 1,298 PCNs of 36 ICBs', () => {
    expect(manifest.expected).toMatchObject({ practices: 6_139, pcns: 1_298, commissioners: 36 });
  });

  it('has 24,168 results of 6,042 practices', () => {
    expect(rowsOf(month, 'expected-qof.csv')).toHaveLength(24_168);
    expect(rowsOf(month, 'expected-qof-totals.csv')).toHaveLength(6_042);
  });

  it('earned the points that its numerators and denominators make', () => {
    const wrong: string[] = [];
    const results = groupBy(
      rowsOf(published, 'qof_2014-15_asthma_achievement.csv.gz'),
      (row) => `${row['PRACTICE_CODE']} ${row['INDICATOR_CODE']}`,
    );
    for (const [key, rows] of results) {
      const value = (measure: string) => rows.find((row) => row['MEASURE'] === measure)?.['VALUE'] ?? '';
      const indicator = INDICATORS.find(({ code }) => key.endsWith(code));
      if (!indicator) throw new Error(`${key} names no indicator of asthma.`);
      const hundredths =
        indicator.kind === 'register'
          ? 400
          : hundredthsOf(indicator, Number(value('NUMERATOR')), Number(value('DENOMINATOR')));
      if (penceOf(value('ACHIEVED_POINTS')) !== BigInt(hundredths)) wrong.push(key);
    }
    expect(wrong).toEqual([]);
  });

  // What the account of the data states; practices that closed before the achievement date are left out beside them.
  it.each([
    ['VIPERT2223', 6_190, 0],
    ['VIMEN2223', 6_413, 2],
    ['VIROTSHI2223', 6_416, 2],
    ['VICHILD2223', 6_349, 0],
    ['LDHC2223', 6_107, 1],
    ['WMS2223', 5_740, 0],
  ])('paid %s in %i whole multiples of the fee', (serviceCode, multiples, closed) => {
    const of = (rows: ReturnType<typeof rowsOf>) => rows.filter((row) => row['service_code'] === serviceCode);
    const leftOut = of(rowsOf(month, 'left-out.csv')).filter((row) => row['reason']!.includes('closed'));
    expect(leftOut).toHaveLength(closed);
    expect(of(rowsOf(month, 'expected-items.csv'))).toHaveLength(multiples - closed);
  });

  it('loses no pence', () => {
    const paid = rowsOf(published, 'nhs_payments_2022-23_practice.csv.gz')
      .flatMap((row) => ITEM_SERVICES.map(({ column }) => amountIn(row, column)))
      .reduce((sum, one) => sum + one, 0n);
    const leftOut = rowsOf(month, 'left-out.csv').reduce((sum, row) => sum + amountIn(row, 'amount'), 0n);
    expect(BigInt(manifest.expected.itemPence) + leftOut).toBe(paid);
  });
});
