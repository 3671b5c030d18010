import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateEngland } from '../src/generate.js';
import { within } from '../src/made-up/region.js';
import { prepareMonth } from '../src/prepare.js';
import { bytesOf, groupBy, rowsOf, rowsOnce, type Row } from './rows.js';

const folder = mkdtempSync(join(tmpdir(), 'attest-region-'));
const made = join(folder, 'region');
const rows = rowsOnce(made);
const valuesOf = (list: readonly Row[], column: string): Set<string> =>
  new Set(list.map((row) => row[column]!));
const july = (): Row[] => rows('practice_pcn_icb_2026-07.csv.gz');

beforeAll(() => generateEngland(made, { seed: 7, region: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a made-up region', () => {
  it('is the same, byte for byte, for the same seed', () => {
    generateEngland(join(folder, 'again'), { seed: 7, region: true });
    expect(bytesOf(join(folder, 'again'))).toEqual(bytesOf(made));
  });

  it('is the one with about 600 practices, in three boards', () => {
    expect(july()).toHaveLength(632);
    expect(valuesOf(july(), 'region_code').size).toBe(1);
    expect(valuesOf(july(), 'icb_code').size).toBe(3);
  });

  it('is a part of the England of its seed: the same rows, and all that its boards have there', () => {
    const whole = join(folder, 'whole');
    generateEngland(whole, { seed: 7 });
    const [region] = valuesOf(july(), 'region_code');
    for (const [name, column] of [
      ['practice_pcn_icb_2026-07.csv.gz', 'region_code'],
      ['qof_2014-15_asthma_practices.csv.gz', 'REGION_CODE'],
    ] as const)
      expect(rows(name)).toEqual(rowsOf(whole, name).filter((row) => row[column] === region));
    const own = new Set(rows('pcn.csv.gz').map((row) => JSON.stringify(row)));
    const all = rowsOf(whole, 'pcn.csv.gz').filter((row) => own.has(JSON.stringify(row)));
    expect(all).toHaveLength(own.size);
  });

  it('has every practice, network and board that its files name', () => {
    const register = valuesOf(rows('practices.csv.gz'), 'practice_code');
    const networks = valuesOf([...july(), ...rows('pcn.csv.gz')], 'pcn_code');
    const boards = valuesOf(rows('practices.csv.gz'), 'icb_code');
    const spells = rows('pcn_membership.csv.gz');
    expect(spells.length).toBeGreaterThan(600);
    for (const [list, column] of [
      [july(), 'practice_code'],
      [spells, 'practice_code'],
      [rows('nhs_payments_2022-23_practice.csv.gz'), 'Practice Code'],
      [rows('qof_2014-15_asthma_practices.csv.gz'), 'PRACTICE_CODE'],
      [rows('qof_2014-15_asthma_achievement.csv.gz'), 'PRACTICE_CODE'],
    ] as const)
      expect([...valuesOf(list, column)].filter((code) => !register.has(code))).toEqual([]);
    expect([...valuesOf(spells, 'pcn_code')].filter((code) => !networks.has(code))).toEqual([]);
    expect([...valuesOf(july(), 'icb_code')].filter((code) => !boards.has(code))).toEqual([]);
    const boardsOfPcn = [...groupBy(july(), (row) => row['pcn_code']!)].filter(
      ([code, members]) => code !== 'U' && valuesOf(members, 'icb_code').size > 1,
    );
    expect(boardsOfPcn).toEqual([]);
  });

  it('is enough for the story: a cast, and boards that sign, abolished ones among them', () => {
    const month = prepareMonth(made, join(folder, 'month'));
    const networks = valuesOf(july(), 'pcn_code');
    const { mover, lateMover, rejected } = month.cast;
    for (const { leavesPcnCode, joinsPcnCode } of [mover, lateMover])
      expect(networks.has(leavesPcnCode) && networks.has(joinsPcnCode)).toBe(true);
    expect(rejected).toHaveLength(2);
    expect(month.expected).toMatchObject({ practices: 632, commissioners: 3 });
    expect(month.commissioners.length).toBeGreaterThan(3);
  });

  it('is cut at its border: networks and spells of another region are none of it', () => {
    const [here, there] = [{ region: 'XY1' }, { region: 'XY2' }];
    const region = within('XY1');
    const outside = { icb: there };
    const practice = { icb: here, pcn: outside };
    expect(region.practice(practice)).toBe(true);
    expect(region.pcnOf(practice)).toBeNull();
    expect(region.pcn(outside)).toBe(false);
    expect(region.spell({ practice, pcn: outside })).toBe(false);
    expect(region.spell({ practice, pcn: { icb: here } })).toBe(true);
    expect(within(undefined).pcnOf(practice)).toBe(outside);
  });
});
