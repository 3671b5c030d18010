import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateEngland } from '../src/generate.js';
import { hundredthsOf, INDICATORS } from '../src/made-up/asthma.js';
import { amountIn, bytesOf, groupBy, rowsOf, rowsOnce, type Row } from './rows.js';

const folder = mkdtempSync(join(tmpdir(), 'attest-england-'));
const made = join(folder, 'made');
const rows = rowsOnce(made);

beforeAll(() => generateEngland(made, { seed: 7 }), 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a made-up England', () => {
  it('is the same, byte for byte, for the same seed', () => {
    generateEngland(join(folder, 'again'), { seed: 7 });
    expect(bytesOf(join(folder, 'again'))).toEqual(bytesOf(made));
  });

  it('is another one for another seed, of the same size', () => {
    const other = join(folder, 'other');
    generateEngland(other, { seed: 8 });
    expect(bytesOf(other)).not.toEqual(bytesOf(made));
    expect(rowsOf(other, 'pcn_membership.csv.gz')).toHaveLength(7_705);
    expect(rowsOf(other, 'nhs_payments_2022-23_practice.csv.gz')).toHaveLength(6_669);
  });

  it('is not written again where it stands, and is where it was interrupted', () => {
    const at = (): number => statSync(join(made, 'practices.csv.gz')).mtimeMs;
    const before = at();
    generateEngland(made, { seed: 7 });
    expect(at()).toBe(before);
    const interrupted = join(folder, 'other');
    rmSync(join(interrupted, 'MADE-UP.json'));
    writeFileSync(join(interrupted, 'pcn.csv.gz'), 'half');
    generateEngland(interrupted, { seed: 8 });
    expect(rowsOf(interrupted, 'pcn.csv.gz')).toHaveLength(1_366);
  });

  it('lists the practices, PCNs, ICBs and patients of July 2026 in the numbers published', () => {
    const july = rows('practice_pcn_icb_2026-07.csv.gz');
    const different = (column: string): number => new Set(july.map((row) => row[column])).size;
    expect(july).toHaveLength(6_139);
    expect(different('practice_code')).toBe(6_139);
    // 1,298 and U.
    expect(different('pcn_code')).toBe(1_299);
    expect(different('icb_code')).toBe(36);
    expect(different('region_code')).toBe(7);
    expect(july.filter((row) => row['pcn_code'] === 'U')).toHaveLength(52);
    expect(july.reduce((sum, row) => sum + Number(row['registered_patients']), 0)).toBe(63_436_508);
    expect(july.every((row) => Number(row['registered_patients']) > 0)).toBe(true);
    const boardsOfPcn = [...groupBy(july, (row) => row['pcn_code']!)].filter(
      ([code, members]) => code !== 'U' && new Set(members.map((row) => row['icb_code'])).size > 1,
    );
    expect(boardsOfPcn).toHaveLength(1);
  });

  it('registers general practices that are active, closed and dormant, and who is none', () => {
    const register = rows('practices.csv.gz');
    expect(register).toHaveLength(16_534);
    const statuses = groupBy(
      register.filter((row) => row['prescribing_setting'] === '4'),
      (row) => row['status']!,
    );
    expect(statuses.get('A')).toHaveLength(6_651);
    expect(statuses.get('C')).toHaveLength(1_887);
    expect(statuses.get('D')).toHaveLength(116);
    const pcns = rows('pcn.csv.gz');
    expect(pcns).toHaveLength(1_366);
    expect(pcns.filter((row) => row['close_date'] !== '')).toHaveLength(81);
  });

  it('has membership spells that overlap, touch, leave gaps and follow upon each other as the published ones', () => {
    const spells = rows('pcn_membership.csv.gz');
    const byPractice = groupBy(spells, (row) => row['practice_code']!);
    expect(spells).toHaveLength(7_705);
    expect(byPractice.size).toBe(6_813);
    expect(spells.filter((row) => row['end_date'] !== '')).toHaveLength(1_481);
    expect([...byPractice.values()].filter((own) => own.length > 1)).toHaveLength(811);
    expect(spells.filter((row) => row['same_sub_icb'] === '0')).toHaveLength(136);
    expect(spells.every((row) => row['end_date'] === '' || row['end_date']! >= row['start_date']!)).toBe(
      true,
    );
    const joints = { overlap: 0, touch: 0, nextDay: 0, gap: 0 };
    for (const own of byPractice.values()) {
      const sorted = [...own].sort((a, b) => (a['start_date']! < b['start_date']! ? -1 : 1));
      sorted.slice(1).forEach((row, at) => {
        const days = (Date.parse(row['start_date']!) - Date.parse(sorted[at]!['end_date']!)) / 86_400_000;
        joints[days < 0 ? 'overlap' : days === 0 ? 'touch' : days === 1 ? 'nextDay' : 'gap']++;
      });
    }
    expect(joints).toEqual({ overlap: 7, touch: 4, nextDay: 816, gap: 65 });
  });

  it('has two vintages that disagree as the published ones do', () => {
    const open = new Map(
      rows('pcn_membership.csv.gz')
        .filter((row) => row['end_date'] === '')
        .map((row) => [row['practice_code'], row['pcn_code']]),
    );
    const found = { same: 0, other: 0, missing: 0 };
    for (const row of rows('practice_pcn_icb_2026-07.csv.gz')) {
      const then = open.get(row['practice_code']);
      found[then === undefined ? 'missing' : then === row['pcn_code'] ? 'same' : 'other']++;
    }
    expect(found).toEqual({ same: 5_960, other: 126, missing: 53 });
  });

  it('has no code that a real organisation could bear, and no name that does not say so', () => {
    const real = /^([A-HJ-PVWY]\d{5}|U\d{5}|Q[A-Z0-9]{2}|[A-Z]\d[A-Z]\d[A-Z]|Y\d\d|\d\d[A-Z])$/;
    const coded: [string, string[]][] = [
      ['practices.csv.gz', ['practice_code', 'region_code', 'icb_code', 'sub_icb_code']],
      ['pcn.csv.gz', ['pcn_code', 'sub_icb_code']],
      ['practice_pcn_icb_2026-07.csv.gz', ['practice_code', 'sub_icb_code', 'icb_code', 'region_code']],
      ['qof_2014-15_asthma_practices.csv.gz', ['PRACTICE_CODE', 'REGION_CODE', 'AREA_TEAM_CODE', 'CCG_CODE']],
      ['nhs_payments_2022-23_practice.csv.gz', ['Practice Code', 'Sub ICB Code', 'Region Code']],
    ];
    for (const [name, columns] of coded) {
      const codes = new Set(rows(name).flatMap((row) => columns.map((column) => row[column]!)));
      codes.delete('');
      expect([...codes].filter((code) => !code.startsWith('X') || real.test(code))).toEqual([]);
    }
    const names = rows('practice_pcn_icb_2026-07.csv.gz').flatMap((row) => [
      row['practice_name']!,
      row['icb_name']!,
      row['region_name']!,
      ...(row['pcn_code'] === 'U' ? [] : [row['pcn_name']!]),
    ]);
    expect(names.filter((name) => !/^made-up /i.test(name))).toEqual([]);
  });
});

describe('its asthma results', () => {
  it('are those of 6,042 practices that were open at the achievement date, closed ones among them', () => {
    const results = rows('qof_2014-15_asthma_practices.csv.gz');
    expect(results).toHaveLength(6_042);
    expect(rows('qof_2014-15_asthma_achievement.csv.gz')).toHaveLength(84_588);
    const register = new Map(rows('practices.csv.gz').map((row) => [row['practice_code'], row]));
    const own = results.map((row) => register.get(row['PRACTICE_CODE'])!);
    expect(own.filter((row) => row['close_date'] !== '')).toHaveLength(1_127);
    expect(own.filter((row) => row['open_date']! > '2015-03-31')).toEqual([]);
    expect(own.filter((row) => row['close_date'] !== '' && row['close_date']! < '2015-03-31')).toEqual([]);
  });

  it('add up from indicators to totals', () => {
    const points = new Map<string, bigint>();
    for (const row of rows('qof_2014-15_asthma_achievement.csv.gz')) {
      if (row['MEASURE'] !== 'ACHIEVED_POINTS') continue;
      points.set(row['PRACTICE_CODE']!, (points.get(row['PRACTICE_CODE']!) ?? 0n) + amountIn(row, 'VALUE'));
    }
    const wrong = rows('qof_2014-15_asthma_practices.csv.gz').filter(
      (row) => points.get(row['PRACTICE_CODE']!) !== amountIn(row, 'TOTAL_ACHIEVED_POINTS'),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['nobody to look after earns nothing', 0, 0, 0],
    ['at the lower threshold nothing', 45, 100, 0],
    ['at the upper threshold all', 80, 100, 1500],
    ['more than everybody no more than all', 120, 100, 1500],
    // 15 × (66.6… − 45) ÷ 35 = 9.2857…
    ['between them in proportion, rounded once', 2, 3, 929],
  ])('%s', (_rule, numerator, denominator, hundredths) => {
    expect(hundredthsOf(INDICATORS[1], numerator, denominator)).toBe(hundredths);
  });
});

describe('its payments', () => {
  const payments = (): Row[] => rows('nhs_payments_2022-23_practice.csv.gz');

  it('add up, line by line, to their totals', () => {
    const columns = Object.keys(payments()[0]!);
    expect(columns).toHaveLength(71);
    const between = (first: string, last: string): string[] =>
      columns.slice(columns.indexOf(first), columns.indexOf(last) + 1);
    const sum = (row: Row, streams: string[]): bigint =>
      streams.reduce((total, c) => total + amountIn(row, c), 0n);
    const total = 'Total NHS Payments to General Practice';
    const wrong = payments().filter((row) => {
      const streams = sum(row, between('Global Sum', 'Other Payments'));
      const pcn = sum(row, between('PCN Leadership', 'PCN Enhanced Access'));
      const covid = sum(row, between('Covid Immunisation', 'Long Covid'));
      const deductions = amountIn(row, 'Deductions for Pensions, Levies and Prescription Charge Income');
      return (
        amountIn(row, total) !== streams ||
        amountIn(row, `${total} Minus Deductions`) !== streams + deductions ||
        amountIn(row, 'Total NHS Payments including PCN Workforce, Leadership and Support') !==
          streams + pcn ||
        amountIn(row, `${total} including Covid and PCN payments`) !== streams + pcn + covid
      );
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['Pertussis', 1_006n, 6_190, 4, 3],
    ['Meningitis', 1_006n, 6_413, 3, 3],
    ['Rotavirus and Shingles Immunisation', 1_006n, 6_416, 11, 3],
    ['Non DES Item Pneumococcal Vaccine, Childhood Immunisation Main Programme', 1_006n, 6_349, 55, 0],
    ['Learning Disabilities', 14_000n, 6_107, 181, 5],
    ['Weight Management Service', 1_150n, 5_740, 47, 0],
  ])('of %s are mostly whole multiples of the fee', (column, fee, multiples, odd, negative) => {
    const amounts = payments().map((row) => amountIn(row, column));
    expect(amounts.filter((amount) => amount > 0n && amount % fee === 0n)).toHaveLength(multiples);
    expect(amounts.filter((amount) => amount > 0n && amount % fee !== 0n)).toHaveLength(odd);
    expect(amounts.filter((amount) => amount < 0n)).toHaveLength(negative);
  });
});
