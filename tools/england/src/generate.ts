// A made-up England of the real shape and size, or one region of it, in the published layouts. The same seed gives the
// same bytes.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCsv, type Cell } from './csv.js';
import * as asthma from './made-up/asthma.js';
import * as codes from './made-up/codes.js';
import { makeSpells, SPELL_HEADER, spellRow } from './made-up/memberships.js';
import { PAYMENT_COLUMNS } from './made-up/payment-columns.js';
import { makePayments } from './made-up/payments.js';
import { makePcns, PCN_HEADER, pcnRow } from './made-up/pcns.js';
import { makeIcbs, placeJuly, type Pcn, type Practice } from './made-up/places.js';
import { giveCodes, makeFates, REGISTER_HEADER, registerRow } from './made-up/practices.js';
import { Chance } from './made-up/random.js';
import { chooseRegion, within, type Part } from './made-up/region.js';
import { MADE_UP_MARK, PUBLISHED_FILES, type PublishedFile } from './published-files.js';

/** Grows when the same seed makes other files than before. */
export const VERSION = 3;

const JULY_HEADER = [
  'practice_code',
  'practice_name',
  'pcn_code',
  'pcn_name',
  'sub_icb_code',
  'icb_code',
  'icb_name',
  'region_code',
  'region_name',
  'supplier',
  'registered_patients',
];
const SUPPLIERS = { 'Made-up System A': 58.4, 'Made-up System B': 41.4, Unknown: 0.2 };

/**
 * Writes the eight files; does nothing where the same ones stand already. `region` writes one region of the England of
 * that seed: the same practices with the same figures.
 */
export function generateEngland(
  outDir: string,
  { seed, region = false }: { seed: number; region?: boolean },
): void {
  const mark = `${JSON.stringify({ madeUp: true, seed, region, version: VERSION })}\n`;
  if (existsSync(join(outDir, MADE_UP_MARK)) && readFileSync(join(outDir, MADE_UP_MARK), 'utf8') === mark)
    return;
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  const chance = new Chance(seed);

  const icbs = makeIcbs();
  const { pcns: julyPcns, practices: july } = placeJuly(chance, icbs);
  const here = within(region ? chooseRegion(july) : undefined);
  const pcns = makePcns(chance, julyPcns, july);
  const fates = makeFates(chance, icbs, july, pcns.old);
  const practices = Object.values(fates).flat();
  giveCodes(chance, practices);
  const spells = makeSpells(chance, fates, pcns);
  const results = asthma.makeAsthma(chance, fates).filter(here.result);
  const payments = makePayments(chance, fates);

  const write = (name: PublishedFile, header: readonly string[], rows: Iterable<Cell[]>): number =>
    writeCsv(join(outDir, PUBLISHED_FILES[name]), header, rows);
  // Chance is drawn for every row, written or not, so that a region's rows are those of its England.
  const rowsOf = <One>(list: readonly One[], isHere: (one: One) => boolean, rowOf: (one: One) => Cell[]) =>
    list
      .map((one) => ({ one, row: rowOf(one) }))
      .filter(({ one }) => isHere(one))
      .map(({ row }) => row);
  const byCode = (a: Pcn | Practice, b: Pcn | Practice): number => (a.code < b.code ? -1 : 1);
  const published = pcns.all.filter((pcn) => pcn.published).sort(byCode);
  write('practices', REGISTER_HEADER, practices.filter(here.practice).sort(byCode).map(registerRow));
  write('pcns', PCN_HEADER, rowsOf(published, here.pcn, pcnRow(chance)));
  write('memberships', SPELL_HEADER, spells.filter(here.spell).map(spellRow));
  write('july', JULY_HEADER, rowsOf([...july].sort(byCode), here.practice, julyRow(chance, here)));
  write('qof', asthma.ACHIEVEMENT_HEADER, asthma.achievementRows(results));
  write('qofPractices', asthma.PRACTICE_HEADER, results.map(asthma.practiceRow));
  write('qofIndicators', asthma.INDICATOR_HEADER, asthma.INDICATORS.map(asthma.indicatorRow));
  write('payments', PAYMENT_COLUMNS, payments.filter(here.payment));
  // Last, so that what was interrupted is never taken for whole.
  writeFileSync(join(outDir, MADE_UP_MARK), mark);
}

const julyRow =
  (chance: Chance, here: Part) =>
  (one: Practice): Cell[] => {
    const pcn = here.pcnOf(one);
    return [
      one.code,
      one.name,
      pcn?.code ?? 'U',
      pcn ? codes.pcnName(pcn.code) : 'Unallocated',
      one.subIcb,
      one.icb.code,
      codes.icbName(one.icb.code),
      one.icb.region,
      codes.regionName(one.icb.region),
      chance.weighed(SUPPLIERS),
      one.patients,
    ];
  };
