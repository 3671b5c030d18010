import { addDays, periodContains, type LondonDate } from '@attest/calendar';
import { earlierEnd, isAfter, type Spell } from './spell.js';

/** Spells of one practice, ascending, none overlapping: it is in one PCN at a time. */
export type Timeline = readonly Spell[];

export const spellOn = (timeline: Timeline, date: LondonDate): Spell | undefined =>
  timeline.find((spell) => periodContains(spell, date));

/** By start; of those that start on one day, the one that ends first; of two for the same days, by the PCN's code. */
function byStart(a: Spell, b: Spell): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  if (a.to === b.to) return a.pcnCode < b.pcnCode ? -1 : a.pcnCode > b.pcnCode ? 1 : 0;
  return a.to !== null && isAfter(b.to, a.to) ? -1 : 1;
}

/**
 * Published spells as a timeline. Where two overlap, the one that starts later wins from its start on; of two that
 * start on one day, the one that ends later. What follows on without a gap in the same PCN is one spell.
 */
export function timelineOf(published: readonly Spell[]): Timeline {
  const sorted = [...published].sort(byStart);
  const cut = sorted.map((spell, i) => {
    const next = sorted[i + 1];
    return next ? { ...spell, to: earlierEnd(spell.to, next.from) } : spell;
  });
  return joined(cut);
}

/** How many pairs of published spells claim the same days: more than one day, or just the day of a change. */
export function overlaps(published: readonly Spell[]): { days: number; oneDay: number } {
  const sorted = [...published].sort(byStart);
  const found = { days: 0, oneDay: 0 };
  sorted.forEach((spell, i) => {
    const next = sorted[i + 1];
    if (!next || !isAfter(spell.to, next.from)) return;
    if (spell.to !== null && addDays(next.from, 1) === spell.to) found.oneDay++;
    else found.days++;
  });
  return found;
}

/** What remains before a date. */
export const before = (timeline: Timeline, date: LondonDate): Timeline =>
  joined(timeline.map((spell) => ({ ...spell, to: earlierEnd(spell.to, date) })));

/** A practice that closes is in no PCN from then on, whatever was said of its later days (design §5 rule 9). */
export const whileOpen = (timeline: Timeline, closeOn: LondonDate | null | undefined): Timeline =>
  closeOn ? before(timeline, closeOn) : timeline;

/** The practice is in this PCN, or in none, from this date on, whatever was known of later dates. */
export function stateFrom(timeline: Timeline, date: LondonDate, pcnCode: string | null): Timeline {
  // What agrees needs no correction, and a known end stays known.
  if ((spellOn(timeline, date)?.pcnCode ?? null) === pcnCode && pcnCode !== null) return timeline;
  const kept = before(timeline, date);
  return pcnCode === null ? kept : joined([...kept, { pcnCode, from: date, to: null }]);
}

/** The practice leaves the PCN it is in on this date, or joins one until its next known spell, or both. */
export function changeOn(
  timeline: Timeline,
  date: LondonDate,
  change: { leaves: string | null; joins: string | null },
): Timeline {
  const current = spellOn(timeline, date);
  const rest = timeline.flatMap((spell) =>
    spell === current ? [{ ...spell, to: earlierEnd(spell.to, date) }] : [spell],
  );
  if (change.joins === null) return joined(rest);
  const next = timeline.find((spell) => spell.from > date);
  return joined([...rest, { pcnCode: change.joins, from: date, to: next?.from ?? null }]);
}

/** Ascending, without empty spells, those of one PCN that touch made one. */
function joined(spells: readonly Spell[]): Timeline {
  const result: Spell[] = [];
  for (const spell of [...spells].sort(byStart)) {
    if (!isAfter(spell.to, spell.from)) continue;
    const last = result.at(-1);
    if (last && last.pcnCode === spell.pcnCode && last.to === spell.from)
      result[result.length - 1] = { ...last, to: spell.to };
    else result.push(spell);
  }
  return result;
}
