// Every row of practices.csv: the practices of July 2026, those that are gone, and what is no general practice.
import type { Cell } from '../csv.js';
import * as codes from './codes.js';
import { dayBetween, monthEnd } from './dates.js';
import { makeFormerIcbs, practiceIn, type Board, type Icb, type Pcn, type Practice } from './places.js';
import type { Chance } from './random.js';
import * as shape from './shape.js';

/** What became of practices decides which of the files name them. */
export interface Fates {
  /** Listed in July 2026. */
  readonly july: readonly Practice[];
  /** In a PCN in October 2024, not listed in July 2026. */
  readonly openInAutumn2024: readonly Practice[];
  /** In a PCN once, closed or dormant since. */
  readonly closedWithSpells: readonly Practice[];
  /** General practices that were never in a PCN. */
  readonly active: readonly Practice[];
  readonly dormant: readonly Practice[];
  /** Closed before there were PCNs. */
  readonly closed: readonly Practice[];
  /** No general practices. */
  readonly elsewhere: readonly Practice[];
}

/** The old PCNs were there from the first day. */
export function makeFates(
  chance: Chance,
  icbs: readonly Icb[],
  july: readonly Practice[],
  oldPcns: readonly Pcn[],
): Fates {
  const { open, ended } = shape.SPELLS_ELSEWHERE;
  const inPcn = (): Practice => {
    const pcn = chance.of(oldPcns);
    return practiceIn(pcn.icb, pcn.subIcb, pcn);
  };
  const inNone = (boards: readonly Board[] = icbs): Practice => {
    const icb = chance.of(boards);
    return practiceIn(icb, chance.of(icb.subIcbs), null);
  };
  const times = (number: number, make: () => Practice): Practice[] =>
    Array.from({ length: number }, () => make());

  const openInAutumn2024 = times(open, inPcn);
  openInAutumn2024.slice(0, 38).forEach((one) => close(one, monthEnd(chance, '2024-10-31', '2025-03-31')));
  const closedWithSpells = times(ended, inPcn);
  closedWithSpells.forEach((one, at) => {
    if (at < shape.PAID_PRACTICES.closedSince) close(one, monthEnd(chance, '2023-03-31', '2024-09-30'));
    else if (at < ended - 29) close(one, dayBeforeCutOff(chance));
    else one.status = 'D';
  });
  const active = times(shape.GENERAL_PRACTICES.active - july.length - (open - 38), inNone);
  const dormant = times(shape.GENERAL_PRACTICES.dormant - 29, () => ({ ...inNone(), status: 'D' }));
  const former = makeFormerIcbs();
  const closed = times(shape.GENERAL_PRACTICES.closed - 38 - (ended - 29), () =>
    inNone(chance.happens(shape.CLOSED_IN_A_FORMER_ICB) ? former : icbs),
  );
  closed.forEach((one, at) =>
    close(
      one,
      at % 2 ? monthEnd(chance, '2013-04-30', '2015-02-28') : monthEnd(chance, '2015-04-30', '2019-08-31'),
    ),
  );
  const fates: Fates = {
    july,
    openInAutumn2024,
    closedWithSpells,
    active,
    dormant,
    closed,
    elsewhere: elsewhere(chance, inNone),
  };
  giveOpeningDays(chance, fates);
  return fates;
}

/** Half of those that were still paid in 2022/23, half that were not. */
const dayBeforeCutOff = (chance: Chance): string => monthEnd(chance, '2020-06-30', '2023-02-28');

function close(practice: Practice, day: string): void {
  practice.status = 'C';
  practice.closeOn = day;
}

function elsewhere(chance: Chance, make: () => Practice): Practice[] {
  const settings = Object.entries(shape.ROWS_BY_SETTING).flatMap(([setting, rows]) =>
    Array<string>(rows).fill(setting),
  );
  const statuses = chance.shuffle(
    Object.entries(shape.STATUSES_ELSEWHERE).flatMap(([status, rows]) => Array<string>(rows).fill(status)),
  );
  return settings.map((setting, at) => {
    const one: Practice = { ...make(), setting };
    const status = statuses[at]!;
    if (status === 'C') close(one, monthEnd(chance, '2013-04-30', '2025-03-31'));
    else one.status = status;
    // Some have neither region nor commissioner.
    if (at < 165) one.unplaced = true;
    return one;
  });
}

/** Most practices opened when the register began; of those of July 2026, 17 came after the payments of 2022/23. */
function giveOpeningDays(chance: Chance, { july, elsewhere: others, ...gone }: Fates): void {
  const since = shape.PAID_PRACTICES.stillThere;
  chance.shuffle([...july]).forEach((one, at) => {
    if (at >= since) one.openOn = dayBetween(chance, '2023-05-01', '2025-03-01');
    else if (chance.happens(0.78)) one.openOn = '1974-04-01';
    else if (chance.happens(0.7)) one.openOn = dayBetween(chance, '1980-04-01', '2014-03-31');
    else one.openOn = dayBetween(chance, '2014-04-01', '2019-09-01');
  });
  for (const one of Object.values(gone).flat())
    one.openOn = chance.happens(0.8) ? '1974-04-01' : dayBetween(chance, '1980-04-01', '2013-03-31');
  for (const one of others)
    one.openOn = dayBetween(
      chance,
      '1990-04-01',
      one.closeOn && one.closeOn < '2024-12-31' ? '2013-03-31' : '2025-03-01',
    );
}

/** Codes without an order that would tell anything; ascending afterwards. */
export function giveCodes(chance: Chance, practices: Practice[]): void {
  chance.shuffle(practices).forEach((one, at) => {
    one.code = codes.practiceCode(at + 1);
    one.name = codes.practiceName(one.code);
    one.postcode = at < 20 ? '' : codes.postcode(chance);
  });
}

export const REGISTER_HEADER = [
  'practice_code',
  'name',
  'region_code',
  'icb_code',
  'sub_icb_code',
  'postcode',
  'open_date',
  'close_date',
  'status',
  'joined_commissioner_date',
  'left_commissioner_date',
  'prescribing_setting',
];

/** Commissioners of today joined in April 2020, those before in April 2013. */
export const registerRow = (one: Practice): Cell[] => [
  one.code,
  one.name,
  one.unplaced ? '' : one.icb.region,
  one.icb.code,
  one.unplaced ? '' : one.subIcb,
  one.postcode,
  one.openOn,
  one.closeOn,
  one.status,
  one.unplaced ? '' : one.closeOn && one.closeOn < '2020-04-01' ? '2013-04-01' : '2020-04-01',
  one.unplaced ? '' : one.closeOn,
  one.setting,
];
