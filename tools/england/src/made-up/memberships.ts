// Spells of practices in PCNs as of October 2024, with the peculiarities of the published ones.
import type { Cell } from '../csv.js';
import * as codes from './codes.js';
import { dayAfter, monthEnd } from './dates.js';
import type { Pcns } from './pcns.js';
import type { Pcn, Practice } from './places.js';
import type { Fates } from './practices.js';
import type { Chance } from './random.js';
import * as shape from './shape.js';

const FIRST_DAY = '2019-10-01';
const CHANGE_DAYS = [
  '2020-04-01',
  '2020-07-01',
  '2020-12-01',
  '2021-04-01',
  '2021-07-01',
  '2022-04-01',
  '2022-10-01',
  '2023-04-01',
  '2024-01-01',
  '2024-04-01',
];

interface Spell {
  readonly practice: Practice;
  readonly pcn: Pcn;
  readonly from: string;
  /** Last day; empty while it lasts. */
  to: string;
  /** Why the practice was elsewhere before. */
  readonly kind?: Change;
}

/** Its PCN closed and another overlapped it, or did not; it returned; its PCN came late; it moved. */
type Change = 'overlap' | 'closed' | 'return' | 'late' | 'move';

/** Where a practice was until a day. */
interface Earlier {
  readonly pcn: Pcn;
  readonly changeOn: string;
  readonly kind: Change;
  /** Where it was before that, ascending. */
  before?: Pcn[];
}

/** In the order of the file. */
export function makeSpells(chance: Chance, fates: Fates, pcns: Pcns): Spell[] {
  const last = lastSpells(chance, fates);
  const plan = planEarlier(chance, last, pcns);
  const histories = last.map((spell) => historyOf(spell, plan.get(spell.practice)));
  bendJoints(chance, histories);
  const spells = histories.flat();
  crossBorders(chance, histories, spells);
  return spells.sort(
    (a, b) =>
      compare(a.practice.code, b.practice.code) || compare(a.from, b.from) || compare(a.pcn.code, b.pcn.code),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const later = (...days: string[]): string => days.reduce((a, b) => (a > b ? a : b));

/** The spell that lasts, or lasted when the practice closed. */
function lastSpells(chance: Chance, { july, openInAutumn2024, closedWithSpells }: Fates): Spell[] {
  for (const one of openInAutumn2024) one.autumn = one.pcn;
  const lasting = [...july, ...openInAutumn2024].flatMap((one) => spellsIn(one, one.autumn));
  const ended = closedWithSpells.flatMap((one) =>
    spellsIn(one, one.pcn, one.closeOn || monthEnd(chance, '2023-10-31', '2024-08-31')),
  );
  return [...lasting, ...ended];
}

/** One spell, or none where there is no PCN. */
const spellsIn = (practice: Practice, pcn: Pcn | null, to = ''): Spell[] =>
  pcn ? [{ practice, pcn, from: later(FIRST_DAY, pcn.openOn, practice.openOn), to }] : [];

/**
 * Which practices were elsewhere before, why and until when: those of PCNs that closed, of PCNs that came late, those
 * that returned, and others.
 */
function planEarlier(
  chance: Chance,
  last: readonly Spell[],
  { old, late, closed, successor, followed }: Pcns,
): Map<Practice, Earlier> {
  const plan = new Map<Practice, Earlier>();
  const wanted = Object.values(shape.PRACTICES_BY_SPELLS).reduce((a, b) => a + b);
  const stayed = chance.shuffle(last.filter((spell) => spell.to === '' && spell.from === FIRST_DAY));
  for (const spell of last.filter((one) => one.pcn === successor && one.practice.pcn === successor))
    plan.set(spell.practice, { pcn: followed, changeOn: successor.openOn, kind: 'overlap' });
  const bySubIcb = new Map<string, Spell[]>();
  for (const spell of stayed)
    bySubIcb.set(spell.practice.subIcb, [...(bySubIcb.get(spell.practice.subIcb) ?? []), spell]);
  for (const pcn of closed.slice(0, -shape.CLOSED_PCNS_WITHOUT_SPELLS)) {
    const near = bySubIcb.get(pcn.subIcb) ?? [];
    const members = near.length < 3 ? [...near, ...stayed.splice(-3)] : near;
    for (const { practice } of members.splice(-3))
      plan.set(practice, { pcn, changeOn: dayAfter(pcn.closeOn), kind: 'closed' });
  }
  const rest = stayed.filter(({ practice }) => !plan.has(practice));
  for (const spell of rest.splice(0, shape.RETURNS))
    plan.set(spell.practice, { pcn: spell.pcn, changeOn: chance.of(CHANGE_DAYS), kind: 'return' });
  const comers = chance.shuffle(
    last.filter(
      (spell) =>
        spell.to === '' &&
        late.has(spell.pcn) &&
        !plan.has(spell.practice) &&
        spell.practice.openOn < FIRST_DAY,
    ),
  );
  const spare = 45;
  for (const { practice, pcn } of comers.slice(0, wanted - plan.size - spare))
    plan.set(practice, { pcn: neighbour(chance, old, practice, pcn), changeOn: pcn.openOn, kind: 'late' });
  for (const { practice, pcn } of rest.splice(0, wanted - plan.size))
    plan.set(practice, {
      pcn: neighbour(chance, old, practice, pcn),
      changeOn: chance.of(CHANGE_DAYS),
      kind: 'move',
    });
  // Those who had three or four spells changed earlier, too.
  const long = [...plan.entries()].filter(
    ([, { kind, changeOn }]) => kind !== 'overlap' && kind !== 'return' && changeOn >= '2022-03-01',
  );
  chance
    .shuffle(long)
    .slice(0, shape.PRACTICES_BY_SPELLS[3] + shape.PRACTICES_BY_SPELLS[4])
    .forEach(([practice, earlier], at) => {
      const before = neighbour(chance, old, practice, earlier.pcn);
      earlier.before = [before];
      if (at < shape.PRACTICES_BY_SPELLS[4]) earlier.before.unshift(neighbour(chance, old, practice, before));
    });
  return plan;
}

/** Another PCN that was there from the first day, in the same sub-ICB where there is one. */
function neighbour(chance: Chance, old: readonly Pcn[], practice: Practice, not: Pcn): Pcn {
  const other = (pcn: Pcn): boolean => pcn !== not && pcn !== practice.autumn;
  const near = old.filter((pcn) => pcn.subIcb === practice.subIcb && other(pcn));
  return chance.of(near.length > 0 ? near : old.filter((pcn) => pcn.icb === practice.icb && other(pcn)));
}

/** All spells of a practice, ascending, each starting on the day after the one before. */
function historyOf(spell: Spell, earlier: Earlier | undefined): Spell[] {
  if (!earlier) return [spell];
  const { pcn, changeOn, kind, before = [] } = earlier;
  const changes = ['2020-07-01', '2021-04-01'].slice(0, before.length);
  const first = before.map((one, at) => ({
    practice: spell.practice,
    pcn: one,
    from: changes[at - 1] ?? FIRST_DAY,
    to: dayAfter(changes[at] ?? changeOn, -1),
  }));
  const second = {
    practice: spell.practice,
    pcn,
    from: changes.at(-1) ?? FIRST_DAY,
    to: kind === 'overlap' ? pcn.closeOn : dayAfter(changeOn, -1),
  };
  return [...first, second, { ...spell, from: changeOn, kind }];
}

/** Some spells leave a gap, some end on the day on which the next one starts. */
function bendJoints(chance: Chance, histories: readonly Spell[][]): void {
  /** The last change of each practice that has one. */
  const changes = histories.flatMap((history) => {
    const [last, before] = [history.at(-1), history.at(-2)];
    return last && before ? [{ before, last, spells: history.length }] : [];
  });
  const shorten = ({ before }: { before: Spell }): void => {
    before.to = monthEnd(chance, '2019-11-30', dayAfter(before.to, -35));
  };
  const returns = changes.filter(({ last }) => last.kind === 'return');
  const moves = changes.filter(
    ({ last, spells }) => spells === 2 && last.kind === 'late' && last.from > '2020-06-30',
  );
  for (const change of returns) shorten(change);
  for (const change of moves.slice(0, shape.GAPS - shape.RETURNS)) shorten(change);
  for (const { before, last } of moves.slice(-shape.TOUCHING)) before.to = last.from;
}

/** Some practices lie in another sub-ICB than their PCN, so that a PCN has two commissioning places. */
function crossBorders(chance: Chance, histories: readonly Spell[][], spells: readonly Spell[]): void {
  let crossing = spells.filter(({ practice, pcn }) => practice.subIcb !== pcn.subIcb).length;
  const movable = chance.shuffle(
    histories
      .flatMap((history) => (history.length === 1 ? history : []))
      .filter(({ practice }) => practice.icb.subIcbs.length > 1),
  );
  for (const { practice, pcn } of movable) {
    if (crossing >= shape.CROSSING) break;
    if (practice.subIcb !== pcn.subIcb) continue;
    practice.subIcb = chance.of(practice.icb.subIcbs.filter((code) => code !== pcn.subIcb));
    crossing++;
  }
}

export const SPELL_HEADER = [
  'practice_code',
  'practice_name',
  'practice_sub_icb_code',
  'pcn_code',
  'pcn_name',
  'pcn_sub_icb_code',
  'start_date',
  'end_date',
  'same_sub_icb',
];

export const spellRow = ({ practice, pcn, from, to }: Spell): Cell[] => [
  practice.code,
  practice.name,
  practice.subIcb,
  pcn.code,
  codes.pcnName(pcn.code),
  pcn.subIcb,
  from,
  to,
  practice.subIcb === pcn.subIcb ? 1 : 0,
];
