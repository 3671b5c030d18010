// @ts-nocheck
// The PCNs of October 2024: most of July 2026, and those that are gone since; who was in which.
import * as codes from './codes.js';
import { newPcn } from './places.js';
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

/**
 * @param {import('./places.js').Pcn[]} july
 * @returns the PCNs by what is special about them; `autumn` of each July practice is set
 */
export function makePcns(chance, july, practices) {
  const movable = chance.shuffle([...july]);
  const fresh = movable
    .filter((pcn) => pcn.members.length === 3 || pcn.members.length === 4)
    .slice(0, shape.NEW_PCNS);
  for (const pcn of fresh) pcn.published = false;
  const kept = july.filter((pcn) => pcn.published);

  // One PCN follows upon another whose last day is its own second one: the overlapping spells.
  const [successor] = kept.filter(
    (pcn) => pcn.members.length === shape.OVERLAPPING && pcn.subIcb === pcn.members[0].subIcb,
  );
  successor.openOn = '2024-07-01';
  const late = chance.shuffle(kept.filter((pcn) => pcn !== successor)).slice(0, shape.LATE_PCNS - 1);
  for (const pcn of late) pcn.openOn = chance.of(OPENING_DAYS);

  const beside = (pcn) => newPcn(pcn.icb, pcn.subIcb);
  const closed = Array.from({ length: shape.CLOSED_PCNS }, (_, at) => {
    const pcn = beside(at === 0 ? successor : chance.of(kept));
    pcn.closeOn = at === 0 ? '2024-07-02' : chance.of(CLOSING_DAYS);
    return pcn;
  });
  const gone = Array.from({ length: shape.GONE_PCNS }, () => beside(chance.of(kept)));
  sendBack(chance, { fresh, kept, gone, successor }, practices);
  const all = [...july, ...closed, ...gone];
  chance.shuffle([...all]).forEach((pcn, at) => (pcn.code = codes.pcnCode(at + 1)));
  const newer = new Set([...late, successor]);
  return { all, kept, old: kept.filter((pcn) => !newer.has(pcn)), late: newer, closed, successor };
}

/** Where each practice of July 2026 was in October 2024. */
function sendBack(chance, { fresh, kept, gone, successor }, practices) {
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
  const bySubIcb = new Map();
  for (const pcn of [...gone, ...kept]) bySubIcb.set(pcn.subIcb, [...(bySubIcb.get(pcn.subIcb) ?? []), pcn]);
  for (const one of moved) {
    const others = (bySubIcb.get(one.subIcb) ?? kept).filter((pcn) => pcn !== one.pcn && pcn !== successor);
    const unused = empty.findIndex((pcn) => pcn.icb === one.icb);
    one.autumn = unused < 0 ? chance.of(others) : empty.splice(unused, 1)[0];
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

export const pcnRow = (chance) => (pcn) => [
  pcn.code,
  codes.pcnName(pcn.code),
  pcn.subIcb,
  codes.subIcbName(pcn.icb.code, pcn.subIcb),
  pcn.openOn,
  pcn.closeOn,
  codes.postcode(chance),
];
