// @ts-nocheck
// Spells of practices in PCNs as of October 2024, with the peculiarities of the published ones.
import * as codes from './codes.js';
import { dayAfter, monthEnd } from './dates.js';
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

/**
 * @typedef {object} Spell
 * @property {object} practice
 * @property {import('./places.js').Pcn} pcn
 * @property {string} from
 * @property {string} to last day; empty while it lasts
 */

/**
 * @param {import('./practices.js').Fates} fates
 * @returns {Spell[]} in the order of the file
 */
export function makeSpells(chance, fates, pcns) {
  const last = lastSpells(chance, fates);
  const plan = planEarlier(chance, last, pcns);
  const histories = last.map((spell) => historyOf(chance, spell, plan.get(spell.practice)));
  bendJoints(chance, histories);
  const spells = histories.flat();
  crossBorders(chance, histories, spells);
  return spells.sort(
    (a, b) =>
      compare(a.practice.code, b.practice.code) || compare(a.from, b.from) || compare(a.pcn.code, b.pcn.code),
  );
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const later = (...days) => days.reduce((a, b) => (a > b ? a : b));

/** The spell that lasts, or lasted when the practice closed. */
function lastSpells(chance, { july, openInAutumn2024, closedWithSpells }) {
  const lasting = [
    ...july.filter((one) => one.autumn),
    ...openInAutumn2024.map((one) => Object.assign(one, { autumn: one.pcn })),
  ];
  const ended = closedWithSpells.map((one) => ({
    ...spellOf(one, one.pcn),
    to: one.closeOn || monthEnd(chance, '2023-10-31', '2024-08-31'),
  }));
  return [...lasting.map((one) => spellOf(one, one.autumn)), ...ended];
}

const spellOf = (practice, pcn) => ({
  practice,
  pcn,
  from: later(FIRST_DAY, pcn.openOn, practice.openOn),
  to: '',
});

/**
 * Which practices were elsewhere before, why and until when: those of PCNs that closed, of PCNs that came late, those
 * that returned, and others.
 * @returns {Map<object, { pcn: object | null, changeOn: string, kind: string, more?: number }>}
 */
function planEarlier(chance, last, { old, late, closed, successor }) {
  const plan = new Map();
  const wanted = Object.values(shape.PRACTICES_BY_SPELLS).reduce((a, b) => a + b);
  const stayed = chance.shuffle(last.filter((spell) => spell.to === '' && spell.from === FIRST_DAY));
  for (const spell of last.filter((one) => one.pcn === successor && one.practice.pcn === successor))
    plan.set(spell.practice, { pcn: closed[0], changeOn: successor.openOn, kind: 'overlap' });
  const bySubIcb = new Map();
  for (const spell of stayed)
    bySubIcb.set(spell.practice.subIcb, [...(bySubIcb.get(spell.practice.subIcb) ?? []), spell]);
  for (const pcn of closed.slice(1, -shape.CLOSED_PCNS_WITHOUT_SPELLS)) {
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
      earlier.before = [neighbour(chance, old, practice, earlier.pcn)];
      if (at < shape.PRACTICES_BY_SPELLS[4])
        earlier.before.unshift(neighbour(chance, old, practice, earlier.before[0]));
    });
  return plan;
}

/** Another PCN that was there from the first day, in the same sub-ICB where there is one. */
function neighbour(chance, old, practice, not) {
  const other = (pcn) => pcn !== not && pcn !== practice.autumn;
  const near = old.filter((pcn) => pcn.subIcb === practice.subIcb && other(pcn));
  return chance.of(near.length > 0 ? near : old.filter((pcn) => pcn.icb === practice.icb && other(pcn)));
}

/** All spells of a practice, ascending, each starting on the day after the one before. */
function historyOf(chance, spell, earlier) {
  if (!earlier) return [spell];
  const { pcn, changeOn, kind, before = [] } = earlier;
  const changes = ['2020-07-01', '2021-04-01'].slice(0, before.length);
  const pcns = [...before, pcn];
  const first = pcns.map((one, at) => ({
    practice: spell.practice,
    pcn: one,
    from: at === 0 ? FIRST_DAY : changes[at - 1],
    to: dayAfter(changes[at] ?? changeOn, -1),
  }));
  if (kind === 'overlap') first.at(-1).to = pcn.closeOn;
  return [...first, { ...spell, from: changeOn, kind }];
}

/** Some spells leave a gap, some end on the day on which the next one starts. */
function bendJoints(chance, histories) {
  const shorten = (history) =>
    (history.at(-2).to = monthEnd(chance, '2019-11-30', dayAfter(history.at(-2).to, -35)));
  const returns = histories.filter((history) => history.at(-1).kind === 'return');
  const moves = histories.filter(
    (history) => history.length === 2 && history[1].kind === 'late' && history[1].from > '2020-06-30',
  );
  for (const history of returns) shorten(history);
  for (const history of moves.slice(0, shape.GAPS - shape.RETURNS)) shorten(history);
  for (const history of moves.slice(-shape.TOUCHING)) history[0].to = history[1].from;
}

/** Some practices lie in another sub-ICB than their PCN, so that a PCN has two commissioning places. */
function crossBorders(chance, histories, spells) {
  let crossing = spells.filter(({ practice, pcn }) => practice.subIcb !== pcn.subIcb).length;
  const movable = chance.shuffle(
    histories.filter((history) => history.length === 1 && history[0].practice.icb.subIcbs.length > 1),
  );
  for (const [{ practice, pcn }] of movable) {
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

export const spellRow = ({ practice, pcn, from, to }) => [
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
