/** The columns of a file that comes to us. They are found by their names, in any order. */
export interface FileColumns {
  readonly columns: readonly string[];
  /** Read where they are there. */
  readonly optional?: readonly string[];
  /** What publishers put beside them and nobody here reads. */
  readonly passedOver?: readonly string[];
  /** Of those, what may stand there several times. */
  readonly mayRepeat?: readonly string[];
}

export interface FoundColumns {
  /** For each of the columns, and then of the optional ones, its place in the file; −1 where it has none. */
  readonly places: readonly number[];
  /** How many fields every row has. */
  readonly width: number;
  /** Fields without a name, as spreadsheets leave them: nothing may stand below them. */
  readonly unnamed: readonly number[];
}

/** Why a first line is not the header of a layout, with the names in question. */
export interface HeaderFaults {
  readonly missing: readonly string[];
  readonly unknown: readonly string[];
  readonly repeated: readonly string[];
  /** What seems to part the fields instead of commas. */
  readonly separator: 'semicolons' | 'tabs' | null;
}

/** Capitals, spaces around and between, and underscores make no difference. */
const keyOf = (name: string): string =>
  name
    .replaceAll(/[\s_]+/g, ' ')
    .trim()
    .toUpperCase();

export function findColumns(
  header: readonly string[],
  { columns, optional = [], passedOver = [], mayRepeat = [] }: FileColumns,
): FoundColumns | HeaderFaults {
  const found = header.map(keyOf);
  const known = new Set([...columns, ...optional, ...passedOver].map(keyOf));
  const manifold = new Set(mayRepeat.map(keyOf));
  const unnamed: number[] = [];
  const unknown: string[] = [];
  const repeated: string[] = [];
  found.forEach((name, place) => {
    if (name === '') unnamed.push(place);
    else if (!known.has(name)) unknown.push(header[place]!);
    else if (found.indexOf(name) !== place && !manifold.has(name)) repeated.push(header[place]!);
  });
  const missing = columns.filter((column) => !found.includes(keyOf(column)));
  if (missing.length + unknown.length + repeated.length > 0)
    return { missing, unknown, repeated, separator: separatorOf(header) };
  const places = [...columns, ...optional].map((column) => found.indexOf(keyOf(column)));
  return { places, width: header.length, unnamed };
}

export const isFaulty = (found: FoundColumns | HeaderFaults): found is HeaderFaults => 'missing' in found;

function separatorOf(header: readonly string[]): HeaderFaults['separator'] {
  const [only, ...more] = header;
  if (only === undefined || more.length > 0) return null;
  return only.includes(';') ? 'semicolons' : only.includes('\t') ? 'tabs' : null;
}

const MOST_NAMES = 20;
const MOST_CHARACTERS = 60;

/**
 * What differs, in words. What is no column of ours is named only beside one that is: a first line that has none is no
 * header, and what stands in it is not repeated.
 */
export function whatDiffers(faults: HeaderFaults, columns: readonly string[]): string {
  const { missing, unknown, repeated, separator } = faults;
  if (separator !== null)
    return `Its fields are parted by ${separator}. Save it as CSV UTF-8 with commas and send that.`;
  const all = columns.join(',');
  if (missing.length === columns.length)
    return `It holds none of the columns of this layout. Send a header with: ${all}`;
  return [
    missing.length > 0 ? `These columns are missing: ${list(missing)}.` : '',
    unknown.length > 0 ? `These are too many: ${list(unknown)}.` : '',
    repeated.length > 0 ? `These stand there twice: ${list(repeated)}.` : '',
    `Send, in any order: ${all}`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** The same for programs: names, parted by commas. */
export function factsOf(faults: HeaderFaults, columns: readonly string[]): Record<string, string | null> {
  const { missing, unknown, repeated } = faults;
  const told = missing.length === columns.length ? [] : unknown;
  return {
    missing: missing.join(',') || null,
    unknown: list(told) || null,
    repeated: list(repeated) || null,
  };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) =>
    name
      .trim()
      .slice(0, MOST_CHARACTERS)
      .replaceAll(/[\s\0]+/g, ' '),
  );
  return `${shown.join(', ')}${names.length > MOST_NAMES ? ' and more' : ''}`;
}
