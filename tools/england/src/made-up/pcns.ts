// The PCNs of October 2024: most of July 2026, and those that are gone since; who was in which.
import type { Cell } from '../csv.js';
import * as codes from './codes.js';
import { newPcn, type Pcn, type Practice } from './places.js';
import type { Chance } from './random.js';
import * as shape from './shape.js';

const CLOSING_DAYS = [
  '2020-03-31',
  '2020-05-31',
  '2021-03-31',
  '2021-04-01',
  '2021-07-31',
  '2022-03-31',
  '2023-06-30',
  '2024-03-31',
];
const OPENING_DAYS = [
  '2020-04-01',
  '2020-06-01',
  '2020-07-01',
  '2021-04-01',
  '2021-05-01',
  '2022-04-01',
  '2023-04-01',
  '2024-04-01',
];

/** The PCNs by what is special about them. */
export interface Pcns {
  readonly all: readonly Pcn[];
  /** There from the first day, and still in July 2026. */
  readonly old: readonly Pcn[];
  /** Came after the first day. */
  readonly late: ReadonlySet<Pcn>;
  readonly closed: readonly Pcn[];
  /** Follows upon `followed`, whose last day is its own second one. */
  readonly successor: Pcn;
  readonly followed: Pcn;
}

/** Sets `autumn` of each July practice. */
export function makePcns(chance: Chance, july: readonly Pcn[], practices: readonly Practice[]): Pcns {
  const movable = chance.shuffle([...july]);
  const fresh = movable
    .filter((pcn) => pcn.members.length === 3 || pcn.members.length === 4)
    .slice(0, shape.NEW_PCNS);
  for (const pcn of fresh) pcn.published = false;
  const kept = july.filter((pcn) => pcn.published);

  // One PCN follows upon another whose last day is its own second one: the overlapping spells.
  const successor = kept.find(
    (pcn) => pcn.members.length === shape.OVERLAPPING && pcn.subIcb === pcn.members[0]?.subIcb,
  );
  if (!successor) throw new Error(`No PCN has ${shape.OVERLAPPING} members.`);
  successor.openOn = '2024-07-01';
  const late = chance.shuffle(kept.filter((pcn) => pcn !== successor)).slice(0, shape.LATE_PCNS - 1);
  for (const pcn of late) pcn.openOn = chance.of(OPENING_DAYS);

  const closedBeside = ({ icb, subIcb }: Pcn, closeOn: string): Pcn => ({ ...newPcn(icb, subIcb), closeOn });
  const followed = closedBeside(successor, '2024-07-02');
  const closed = Array.from({ length: shape.CLOSED_PCNS - 1 }, () =>
    closedBeside(chance.of(kept), chance.of(CLOSING_DAYS)),
  );
  const gone = Array.from({ length: shape.GONE_PCNS }, () => closedBeside(chance.of(kept), ''));
  sendBack(chance, { fresh, kept, gone, successor }, practices);
  const all = [...july, followed, ...closed, ...gone];
  chance.shuffle([...all]).forEach((pcn, at) => (pcn.code = codes.pcnCode(at + 1)));
  const newer = new Set([...late, successor]);
  const old = kept.filter((pcn) => !newer.has(pcn));
  return { all, old, late: newer, closed, successor, followed };
}

/** Where each practice of July 2026 was in October 2024. */
function sendBack(
  chance: Chance,
  { fresh, kept, gone, successor }: Record<'fresh' | 'kept' | 'gone', readonly Pcn[]> & { successor: Pcn },
  practices: readonly Practice[],
): void {
  for (const one of practices) one.autumn = one.pcn;
  const alone = practices.filter((one) => one.pcn === null);
  const newcomers = fresh.flatMap((pcn) => pcn.members);
  const { unallocated, allocated } = shape.NOT_YET_IN_A_PCN;
  newcomers.slice(0, allocated).forEach((one) => (one.autumn = null));
  const moved = [
    ...alone.slice(unallocated),
    ...newcomers.slice(allocated),
    ...chance.shuffle(
      practices.filter((one) => one.pcn?.published && one.pcn !== successor && one.pcn.members.length > 1),
    ),
  ].slice(0, shape.MOVED_SINCE.unallocated + shape.MOVED_SINCE.allocated);
  const empty = [...gone];
  const bySubIcb = new Map<string, Pcn[]>();
  for (const pcn of [...gone, ...kept]) bySubIcb.set(pcn.subIcb, [...(bySubIcb.get(pcn.subIcb) ?? []), pcn]);
  for (const one of moved) {
    const others = (bySubIcb.get(one.subIcb) ?? kept).filter((pcn) => pcn !== one.pcn && pcn !== successor);
    const unused = empty.find((pcn) => pcn.icb === one.icb);
    if (unused) empty.splice(empty.indexOf(unused), 1);
    one.autumn = unused ?? chance.of(others);
  }
}

export const PCN_HEADER = [
  'pcn_code',
  'pcn_name',
  'sub_icb_code',
  'sub_icb_name',
  'open_date',
  'close_date',
  'postcode',
];

export const pcnRow =
  (chance: Chance) =>
  (pcn: Pcn): Cell[] => [
    pcn.code,
    codes.pcnName(pcn.code),
    pcn.subIcb,
    codes.subIcbName(pcn.icb.code, pcn.subIcb),
    pcn.openOn,
    pcn.closeOn,
    codes.postcode(chance),
  ];
