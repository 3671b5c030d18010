/** Dates as publishers write them, as ours. What is none stays as it is and is told as such. */
export function publishedDate(text: string): string {
  const [, year, month, day] =
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ??
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?$/.exec(text) ??
    [];
  if (day !== undefined) return `${year}-${month}-${day}`;
  // A spreadsheet of this country shows a date so.
  const [, d, m, y] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text) ?? [];
  return y === undefined ? text : `${y}-${m!.padStart(2, '0')}-${d!.padStart(2, '0')}`;
}

const STATUSES: Readonly<Record<string, string>> = {
  ACTIVE: 'A',
  CLOSED: 'C',
  INACTIVE: 'C',
  DORMANT: 'D',
  PROPOSED: 'P',
};

/** The Organisation Data Service writes a letter, its newer exports the word. */
export const publishedStatus = (text: string): string => STATUSES[text.toUpperCase()] ?? text;
