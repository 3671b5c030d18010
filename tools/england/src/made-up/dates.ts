// Days as text; calendars of made-up events.
import type { Chance } from './random.js';

const DAY_MS = 86_400_000;

export const dayAfter = (date: string, days = 1): string =>
  new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);

/** A day in [from, to]. */
export const dayBetween = (chance: Chance, from: string, to: string): string =>
  dayAfter(from, chance.whole((Date.parse(to) - Date.parse(from)) / DAY_MS + 1));

/** A last day of a month in [from, to]: most practices close and change then. */
export function monthEnd(chance: Chance, from: string, to: string): string {
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7));
  const at = Date.UTC(Number(from.slice(0, 4)), Number(from.slice(5, 7)) + chance.whole(months + 1), 0);
  const date = new Date(at).toISOString().slice(0, 10);
  return date < from ? from : date > to ? to : date;
}

/** `01/04/1974`, as the payments file writes it. */
export const slashed = (date: string): string =>
  date === '' ? '' : `${date.slice(8)}/${date.slice(5, 7)}/${date.slice(0, 4)}`;
