import { factsOf, findColumns, isFaulty, whatDiffers, type HeaderFaults } from '@attest/contracts';
import { FileHeaderWrongError } from './file.errors.js';
import { COLUMNS, LAYOUTS, type Layout, type Row } from './layouts.js';
import { publishedDate, publishedStatus } from './published-fields.js';
import { PUBLISHED_FORMS, type PublishedForm } from './published-forms.js';

/** How the rows of one file become rows of its layout. */
export interface ReadingForm<L extends Layout> {
  /** How many fields every row has. */
  readonly width: number;
  /** Fields without a name, in which nothing may stand. */
  readonly unnamed: readonly number[];
  /** False where the first line is a row already. */
  readonly hasHeader: boolean;
  rowOf(fields: readonly string[]): Row<L>;
}

/**
 * The form of a file by its first line: our own columns, or those of whoever publishes it.
 * @throws FileHeaderWrongError with what differs from the form that comes closest
 */
export function formOf<L extends Layout>(layout: L, first: readonly string[]): ReadingForm<L> {
  const forms = formsOf(layout);
  for (const form of forms) {
    const found = findColumns(first, form);
    if (!isFaulty(found)) return reading(layout, form, found.places, found.width, found.unnamed);
  }
  const bare = PUBLISHED_FORMS[layout].find((form) => form.isFirstRow?.(first));
  if (bare) {
    const places = bare.columns.map((column) => bare.withoutHeader!.indexOf(column));
    return { ...reading(layout, bare, places, first.length, []), hasHeader: false };
  }
  throw refusal(layout, first, forms);
}

type Form = Omit<PublishedForm, 'ours'> & { readonly ours?: PublishedForm['ours'] };

const formsOf = (layout: Layout): readonly Form[] => [
  { name: layout, columns: COLUMNS[layout] },
  ...PUBLISHED_FORMS[layout],
];

function reading<L extends Layout>(
  layout: L,
  { columns, ours }: Form,
  places: readonly number[],
  width: number,
  unnamed: readonly number[],
): ReadingForm<L> {
  const placeOf = new Map(columns.map((column, i) => [ours?.[column] ?? column, places[i]!]));
  const read = (fields: readonly string[], column: string): string => {
    const place = placeOf.get(column);
    const field = place === undefined ? '' : fields[place]!;
    if (ours === undefined) return field;
    const text = field.trim();
    if (column.endsWith('_date')) return publishedDate(text);
    return column === 'status' ? publishedStatus(text) : text;
  };
  return {
    width,
    unnamed,
    hasHeader: true,
    rowOf: (fields) =>
      Object.fromEntries(COLUMNS[layout].map((column) => [column, read(fields, column)])) as Row<L>,
  };
}

function refusal(layout: Layout, first: readonly string[], forms: readonly Form[]): FileHeaderWrongError {
  const all = forms.map((form) => ({ form, faults: faultsOf(first, form) }));
  const [closest] = all
    .filter(({ form, faults }) => faults.missing.length < form.columns.length)
    .sort((a, b) => distance(a.faults) - distance(b.faults));
  const { form, faults: what } = closest ?? all[0]!;
  const other = LAYOUTS.find((known) => known !== layout && fits(known, first));
  const words = other
    ? `It is that of the layout ${other}: name that one.`
    : `${hintOf(first)}${whatDiffers(what, form.columns)}`;
  return new FileHeaderWrongError(form.name, words, { layout, ...factsOf(what, form.columns) });
}

function faultsOf(first: readonly string[], form: Form): HeaderFaults {
  const found = findColumns(first, form);
  return isFaulty(found) ? found : { missing: [], unknown: [], repeated: [], separator: null };
}

const distance = ({ missing, unknown, repeated }: HeaderFaults): number =>
  missing.length + unknown.length + repeated.length;

const fits = (layout: Layout, first: readonly string[]): boolean =>
  formsOf(layout).some((form) => !isFaulty(findColumns(first, form))) ||
  PUBLISHED_FORMS[layout].some((form) => form.isFirstRow?.(first));

/** Files that are published beside those that are taken. */
const BESIDE: readonly (readonly [columns: readonly string[], words: string])[] = [
  [
    ['PUBLICATION', 'TYPE', 'CODE', 'NUMBER_OF_PATIENTS'],
    'This is the count of patients (gp-reg-pat-prac-all), which names no PCN and no ICB. Put its NUMBER_OF_PATIENTS as a column behind the rows of gp-reg-pat-prac-map with the same practice, and send that. ',
  ],
  [
    ['PUBLICATION', 'PRACTICE_CODE', 'PCN_CODE', 'ICB_CODE', 'SUPPLIER_NAME'],
    'This is the map of practices (gp-reg-pat-prac-map), which counts no patients. Add NUMBER_OF_PATIENTS from gp-reg-pat-prac-all to each row, and send that. ',
  ],
];

const holds = (first: readonly string[], columns: readonly string[]): boolean => {
  const found = findColumns(first, { columns });
  return !isFaulty(found) || found.missing.length === 0;
};

const hintOf = (first: readonly string[]): string =>
  BESIDE.find(([columns]) => holds(first, columns))?.[1] ?? '';
