// Who was in which network and when, with what real data has: moves, gaps, overlaps, vintages that disagree.
import { daysAfter } from './random.mjs';

const SPELLS = 7_705;
const OVERLAPS = 7;
const UNALLOCATED = 52;
/** In July 2026 they sit in another network than the older register says. */
const MOVED_SINCE = 126;
const MISSING_IN_REGISTER = 53;
const START = '2019-07-01';

export function madeUpMemberships(random, { pcns, open, closed }) {
  const openPcns = pcns.filter((pcn) => pcn.closedOn === '');
  const byIcb = new Map();
  for (const pcn of openPcns) byIcb.set(pcn.icb, [...(byIcb.get(pcn.icb) ?? []), pcn]);
  const spells = [];
  const july = [];

  // Practices are dealt round to the networks of their board, so that networks have about five members each.
  const dealt = new Map();
  const home = (practice) => {
    const list = byIcb.get(practice.icb);
    const at = dealt.get(practice.icb) ?? 0;
    dealt.set(practice.icb, at + 1);
    return list[at % list.length];
  };
  open.forEach((practice, at) => {
    if (
      at % Math.floor(open.length / UNALLOCATED) === 0 &&
      july.filter((row) => !row.pcn).length < UNALLOCATED
    ) {
      july.push({ practice, pcn: undefined });
      return;
    }
    const pcn = home(practice);
    july.push({ practice, pcn });
    if (at % Math.floor(open.length / MISSING_IN_REGISTER) === 7) return;
    const movedSince = at % Math.floor(open.length / MOVED_SINCE) === 11;
    const before = movedSince ? random.pick(byIcb.get(practice.icb)) : pcn;
    spells.push({ practice, pcn: before, start: START, end: '' });
  });
  // Moves before the register's date: the earlier spell ends the day before the later one starts.
  const current = spells.length;
  for (let at = 0; at < current && spells.length < SPELLS - 640; at += 7) {
    const spell = spells[at];
    const start = monthStart(random);
    spell.start = start;
    spells.push({
      practice: spell.practice,
      pcn: random.pick(byIcb.get(spell.practice.icb)),
      start: START,
      end: daysAfter(start, -1),
    });
  }
  for (const practice of closed) {
    if (spells.length >= SPELLS) break;
    if (practice.closedOn < '2019-08-01') continue;
    spells.push({
      practice,
      pcn: random.pick(byIcb.get(practice.icb)),
      start: START,
      end: practice.closedOn,
    });
  }
  // Real registers hold a few pairs that overlap: the earlier spell ends a month after the later one started.
  const ended = spells.filter(
    (spell) =>
      spell.end !== '' && spells.some((other) => other !== spell && other.practice === spell.practice),
  );
  for (const spell of ended.slice(0, OVERLAPS)) spell.end = daysAfter(spell.end, 30);
  return {
    spells: spells.sort((a, b) => (a.practice.code + a.start < b.practice.code + b.start ? -1 : 1)),
    july,
  };
}

function monthStart(random) {
  return `${random.int(2020, 2024)}-${random.pick(['04', '07', '10'])}-01`.replace(
    '2024-10-01',
    '2024-07-01',
  );
}
