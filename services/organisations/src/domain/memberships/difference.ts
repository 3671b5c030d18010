import { intersectPeriods, type LondonDate, type Period } from '@attest/calendar';
import { isAfter, laterEnd, type MemberSpell } from './spell.js';

/** What changed in the members of one PCN: which practices, and the dates outside which nothing did. */
export interface MembershipDifference {
  readonly changedPractices: readonly string[];
  readonly changedFrom: LondonDate;
  readonly changedTo: LondonDate | null;
  /** Practices that gained days, and those that lost some. */
  readonly gained: boolean;
  readonly lost: boolean;
}

/** Null when both lists mean the same days. */
export function differenceOf(
  known: readonly MemberSpell[],
  now: readonly MemberSpell[],
): MembershipDifference | null {
  const [knownBy, nowBy] = [byPractice(known), byPractice(now)];
  const practices: string[] = [];
  const gains: Period[] = [];
  const losses: Period[] = [];
  for (const practiceCode of new Set([...knownBy.keys(), ...nowBy.keys()])) {
    const [was, is] = [knownBy.get(practiceCode) ?? [], nowBy.get(practiceCode) ?? []];
    const [gain, loss] = [daysOnlyIn(is, was), daysOnlyIn(was, is)];
    if (gain.length + loss.length > 0) practices.push(practiceCode);
    gains.push(...gain);
    losses.push(...loss);
  }
  const changed = [...gains, ...losses];
  if (changed.length === 0) return null;
  return {
    changedPractices: practices.sort(),
    changedFrom: changed.map((p) => p.from).reduce((a, b) => (a < b ? a : b)),
    changedTo: changed.map((p) => p.to).reduce(laterEnd),
    gained: gains.length > 0,
    lost: losses.length > 0,
  };
}

function byPractice(spells: readonly MemberSpell[]): Map<string, MemberSpell[]> {
  const found = new Map<string, MemberSpell[]>();
  for (const spell of spells) {
    const list = found.get(spell.practiceCode);
    if (list) list.push(spell);
    else found.set(spell.practiceCode, [spell]);
  }
  return found;
}

/** The days of `periods` that are in none of `others`. */
export function daysOnlyIn(periods: readonly Period[], others: readonly Period[]): Period[] {
  let left: Period[] = periods.map(({ from, to }) => ({ from, to }));
  for (const other of others) left = left.flatMap((period) => without(period, other));
  return left;
}

function without(period: Period, other: Period): Period[] {
  const both = intersectPeriods(period, other);
  if (both === null) return [period];
  const parts: Period[] = [];
  if (period.from < both.from) parts.push({ from: period.from, to: both.from });
  if (both.to !== null && isAfter(period.to, both.to)) parts.push({ from: both.to, to: period.to });
  return parts;
}
