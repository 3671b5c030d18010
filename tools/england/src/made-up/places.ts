// Regions, ICBs, sub-ICBs and the PCNs of July 2026 with their members.
import * as codes from './codes.js';
import type { Chance } from './random.js';
import * as shape from './shape.js';

/** Who commissions, with its places. */
export interface Board {
  readonly code: string;
  readonly number: number;
  readonly region: string;
  readonly subIcbs: string[];
}

export interface Icb extends Board {
  /** In July 2026. */
  readonly practices: number;
}

/** Codes are given when all are there. */
export interface Pcn {
  code: string;
  readonly icb: Board;
  readonly subIcb: string;
  openOn: string;
  /** Empty while open; else its last day. */
  closeOn: string;
  /** Stands in the file of October 2024. */
  published: boolean;
  /** Practices of July 2026. */
  members: Practice[];
}

/** Codes, names and days are given when all are there. */
export interface Practice {
  code: string;
  name: string;
  postcode: string;
  icb: Board;
  subIcb: string;
  /** In July 2026, or the last one. */
  readonly pcn: Pcn | null;
  /** In October 2024. */
  autumn: Pcn | null;
  /** The prescribing setting: 4 is a general practice. */
  readonly setting: string;
  status: string;
  openOn: string;
  /** Empty while open; else its last day. */
  closeOn: string;
  /** Registered in July 2026; 0 where that file does not list it. */
  patients: number;
  /** Has neither region nor commissioner. */
  unplaced: boolean;
}

/** ICBs with their region and sub-ICBs; larger ones have more. */
export function makeIcbs(): Icb[] {
  const icbs = shape.PRACTICES_OF_ICBS.map((practices, at): Icb => ({
    code: codes.icbCode(at + 1),
    number: at + 1,
    region: codes.regionCode(shape.REGIONS_OF_ICBS[at]!),
    practices,
    subIcbs: [],
  }));
  for (let number = 1; number <= shape.SUB_ICBS; number++) {
    const crowding = (icb: Icb): number =>
      icb.subIcbs.length === 0 ? Infinity : icb.practices / icb.subIcbs.length;
    const [most] = [...icbs].sort((a, b) => crowding(b) - crowding(a));
    most!.subIcbs.push(codes.subIcbCode(number));
  }
  return icbs;
}

/** Boards that no file of July 2026 names, with places that nobody took over. */
export const makeFormerIcbs = (): Board[] =>
  Array.from({ length: shape.FORMER_ICBS }, (_, at) => ({
    code: codes.formerIcbCode(at + 1),
    number: at + 1,
    region: codes.regionCode((at % shape.REGIONS) + 1),
    subIcbs: [codes.subIcbCode(shape.SUB_ICBS + at + 1)],
  }));

/** Which July practices belong together: each ICB is filled with PCNs of the published sizes. */
export function placeJuly(chance: Chance, icbs: readonly Icb[]): { pcns: Pcn[]; practices: Practice[] } {
  const alone = chance
    .shuffle(icbs.flatMap((icb) => Array<Icb>(icb.practices).fill(icb)))
    .slice(0, shape.UNALLOCATED);
  const places = new Map(icbs.map((icb) => [icb, icb.practices - alone.filter((one) => one === icb).length]));
  const practices = alone.map((icb) => practiceIn(icb, chance.of(icb.subIcbs), null));
  const pcns: Pcn[] = [];
  // Large ones first: what is left at the end is then small enough for every gap.
  for (const size of sizesDescending()) {
    const [icb, left] = placeFor(chance, places, size);
    places.set(icb, left - size);
    const pcn = newPcn(icb, icb.subIcbs[pcns.length % icb.subIcbs.length]!);
    pcn.members = Array.from({ length: size }, () => practiceIn(icb, pcn.subIcb, pcn));
    pcns.push(pcn);
    practices.push(...pcn.members);
  }
  // One PCN reaches over the border of two ICBs, as one does in July 2026.
  const wide = pcns.find((pcn) => pcn.members.length >= 6 && pcn.icb === icbs[0]);
  moveOver(wide!.members[0]!, icbs[1]!);
  giveLists(chance, practices);
  return { pcns, practices };
}

const sizesDescending = (): number[] =>
  Object.entries(shape.PCNS_BY_MEMBERS)
    .flatMap(([members, pcns]) => Array<number>(pcns).fill(Number(members)))
    .sort((a, b) => b - a);

/** An ICB with room, and how much it has; the more likely the more it is. */
function placeFor(chance: Chance, places: ReadonlyMap<Icb, number>, size: number): [Icb, number] {
  const roomy = [...places].filter(([, left]) => left >= size);
  let at = chance.whole(roomy.reduce((sum, [, left]) => sum + left, 0));
  return roomy.find(([, left]) => (at -= left) < 0)!;
}

export const newPcn = (icb: Board, subIcb: string): Pcn => ({
  code: '',
  icb,
  subIcb,
  openOn: '2019-10-01',
  closeOn: '',
  published: true,
  members: [],
});

export const practiceIn = (icb: Board, subIcb: string, pcn: Pcn | null): Practice => ({
  code: '',
  name: '',
  postcode: '',
  icb,
  subIcb,
  pcn,
  autumn: null,
  setting: '4',
  status: 'A',
  openOn: '',
  closeOn: '',
  patients: 0,
  unplaced: false,
});

function moveOver(practice: Practice, icb: Icb): void {
  practice.icb = icb;
  practice.subIcb = icb.subIcbs[0]!;
}

/** Lists of the published sizes and exactly the published sum. */
function giveLists(chance: Chance, practices: readonly Practice[]): void {
  for (const practice of practices) practice.patients = Math.floor(chance.between(shape.LIST_SIZES));
  const sum = practices.reduce((total, { patients }) => total + patients, 0);
  let left = shape.PATIENTS;
  for (const practice of practices) {
    practice.patients = Math.max(1, Math.floor((practice.patients * shape.PATIENTS) / sum));
    left -= practice.patients;
  }
  for (let at = 0; left !== 0; at = (at + 1) % practices.length) {
    const step = Math.sign(left);
    const practice = practices[at]!;
    if (practice.patients + step < 1) continue;
    practice.patients += step;
    left -= step;
  }
}
