// The shape of the published files, as numbers: how many of what, and how they are spread. No organisation of theirs.
import type { Quantiles } from './random.js';

/** Practices in July 2026 by ICB, largest first: 36 ICBs, 6,139 practices. */
export const PRACTICES_OF_ICBS = [
  510, 406, 337, 334, 266, 261, 261, 258, 205, 194, 193, 189, 175, 175, 171, 169, 169, 161, 155, 144, 140,
  127, 126, 118, 116, 108, 83, 81, 78, 70, 68, 64, 64, 58, 55, 50,
];
export const REGIONS = 7;
/** In which of them each of those lies: 11, 4, 3, 4, 4, 3 and 7 ICBs; 1,236 to 514 practices. */
export const REGIONS_OF_ICBS = [
  2, 3, 4, 3, 6, 2, 5, 4, 6, 3, 5, 2, 1, 5, 2, 1, 4, 6, 4, 5, 1, 1, 1, 1, 7, 1, 7, 1, 1, 7, 7, 1, 7, 7, 7, 1,
];
/** Where one region is enough, it is the one whose number of practices comes nearest to this. */
export const PRACTICES_OF_ONE_REGION = 600;
/** Abolished, but still named by practices that closed before: a share of those that were never in a PCN. */
export const FORMER_ICBS = 18;
export const CLOSED_IN_A_FORMER_ICB = 0.6;
export const SUB_ICBS = 106;
export const PATIENTS = 63_436_508;

/** PCNs of July 2026 by their number of practices: 1,298 PCNs; 52 practices more are in none. */
export const PCNS_BY_MEMBERS = {
  1: 93,
  2: 130,
  3: 220,
  4: 250,
  5: 221,
  6: 138,
  7: 97,
  8: 57,
  9: 31,
  10: 24,
  11: 18,
  12: 6,
  13: 4,
  14: 2,
  15: 2,
  18: 2,
  19: 1,
  21: 1,
  31: 1,
};
export const UNALLOCATED = 52;

/** PCNs that only July 2026 knows, that were closed by then without a date, that had closed, of these without a spell. */
export const NEW_PCNS = 25;
export const GONE_PCNS = 12;
export const CLOSED_PCNS = 81;
export const CLOSED_PCNS_WITHOUT_SPELLS = 3;
/** PCNs of the older file that opened after the first day of all, 1 October 2019. */
export const LATE_PCNS = 116;

/** Where the practices of July 2026 were in October 2024. */
export const NOT_YET_IN_A_PCN = { unallocated: 44, allocated: 9 };
export const MOVED_SINCE = { unallocated: 8, allocated: 118 };
/** Practices with a spell that are not there in July 2026. */
export const SPELLS_ELSEWHERE = { open: 138, ended: 589 };
/** Spells of a practice → practices. */
export const PRACTICES_BY_SPELLS = { 2: 734, 3: 73, 4: 4 };
/** Of two spells that follow one another: overlapping, touching on one day, with a gap; the others leave none. */
export const OVERLAPPING = 7;
export const TOUCHING = 4;
export const GAPS = 65;
/** Of those with a gap: back into the same PCN. */
export const RETURNS = 25;
/** Spells in a PCN of another sub-ICB. */
export const CROSSING = 136;

/** Rows of practices.csv by prescribing setting; 4 is a general practice. */
export const ROWS_BY_SETTING = {
  0: 2624,
  1: 122,
  2: 361,
  3: 23,
  8: 368,
  9: 1955,
  10: 824,
  11: 188,
  12: 167,
  13: 160,
  14: 91,
  16: 4,
  17: 2,
  18: 18,
  19: 10,
  20: 2,
  22: 5,
  25: 156,
  26: 595,
  27: 205,
};
export const STATUSES_ELSEWHERE = { A: 5745, C: 1990, D: 137, P: 8 };
/** General practices: active, dormant, and closed by when. */
export const GENERAL_PRACTICES = { active: 6651, dormant: 116, closed: 1887 };

/** Registered patients of a practice, July 2026. */
export const LIST_SIZES: Quantiles = [
  [0, 1],
  [0.01, 1603],
  [0.05, 3047],
  [0.1, 3934],
  [0.25, 5885],
  [0.5, 8815],
  [0.75, 12_720],
  [0.9, 17_664],
  [0.95, 22_088],
  [0.99, 38_673],
  [1, 90_000],
];

/** QOF asthma 2014/15: its practices by what became of them. */
export const QOF_PRACTICES = { stillThere: 4786, active: 58, dormant: 71, closed: 1127 };

/** Payments 2022/23: its practices by what became of them; and its rows without patients or PCN. */
export const PAID_PRACTICES = {
  stillThere: 6122,
  openInAutumn2024: 138,
  closedSince: 233,
  closedBefore: 176,
};
export const WITHOUT_PATIENTS = 206;
export const PAID_WITHOUT_PCN = 178;
