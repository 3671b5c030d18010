import { inOrderOf } from './amend-page.js';
import type { UnreadValue } from './page-collector.js';
import type { RowFault } from './row-faults.js';

type FieldNames = readonly { readonly indicatorCode: string; readonly fieldName: string }[];
type Values = readonly (bigint | number | null)[];

/** A value of which a file said something that could not be read: what stood before was left. */
export interface LeftValue {
  readonly indicatorCode: string;
  readonly fieldName: string;
  readonly code: RowFault;
  /** Of the file. */
  readonly line: number;
  /** The version that the value was first read with; null where nothing stood before. */
  readonly fromPageVersion: number | null;
  /** Where another file than the page's own said it. */
  readonly saidBy?: { readonly fileId: string; readonly fileName: string; readonly submittedAt: string };
}

/** The newest version of a page that is stored. */
export interface CurrentPage {
  readonly pageVersion: number;
  /** Everything that was said of it was withdrawn: it has a version, and that is all. */
  readonly nothingStands?: boolean;
  readonly rulePackVersion: number;
  /** By which the values are ordered; as the incoming page's where it is not given. */
  readonly fields?: FieldNames | undefined;
  readonly values: Values;
  /** Values of this version that it kept itself. */
  readonly left?: readonly LeftValue[] | null | undefined;
  /** When it was last said: also by a newer submission that changed nothing. */
  readonly submittedAt: Date;
  /** Of a page that was amended: what the supplier had sent last before, by names. */
  readonly beforeAmendment?: { readonly fields: FieldNames; readonly values: Values };
}

export interface IncomingPage {
  readonly rulePackVersion: number;
  /** By which the values are ordered. */
  readonly fields: FieldNames;
  readonly values: readonly (number | null)[];
  /** Fields that were sent and could not be read: their values are null. */
  readonly unread?: readonly UnreadValue[] | undefined;
  readonly submittedAt: Date;
}

export type PageDecision = 'received' | 'amended' | 'unchanged' | 'superseded' | 'amendment-stands';

/**
 * What becomes of a practice's values. The newest submission counts, in whatever order files come; an older one is
 * kept beside and changes nothing; a newer one that says the same makes no version. An accepted amendment stands
 * against a supplier who says once more what was amended: suppliers resend, and know nothing of amendments. A value
 * that was sent and could not be read says nothing: what stood stands.
 */
export function decidePage(current: CurrentPage | undefined, incoming: IncomingPage): PageDecision {
  if (!current || current.nothingStands) return 'received';
  if (incoming.submittedAt < current.submittedAt) return 'superseded';
  const values = withWhatStood(incoming, current);
  if (current.rulePackVersion === incoming.rulePackVersion && sameValues(current.values, values))
    return 'unchanged';
  return saysWhatWasAmended(current, incoming) ? 'amendment-stands' : 'amended';
}

/**
 * Whether an older submission, which changes nothing by itself, was read where the newer ones that came before it were
 * not: then it may say what they left standing.
 */
export function mayFill({ left }: CurrentPage, { fields, values }: IncomingPage): boolean {
  return (left ?? []).some(({ indicatorCode, fieldName }) => {
    const place = fields.findIndex(
      (field) => field.indicatorCode === indicatorCode && field.fieldName === fieldName,
    );
    return place >= 0 && values[place] !== null;
  });
}

/** The page's values with what stood before in place of what could not be read, and which those are. */
export function leaveWhatStood(
  incoming: IncomingPage,
  current: CurrentPage | undefined,
): { readonly values: IncomingPage['values']; readonly left: readonly LeftValue[] } {
  const { unread = [], fields } = incoming;
  if (unread.length === 0) return { values: incoming.values, left: [] };
  const values = current && !current.nothingStands ? withWhatStood(incoming, current) : incoming.values;
  const left = unread.flatMap(({ place, code, line, doubtful }): LeftValue[] => {
    const { indicatorCode, fieldName } = fields[place]!;
    // Where nothing stood, a row that may have been about another field leaves nothing to tell.
    if (values[place] === null) {
      return doubtful ? [] : [{ indicatorCode, fieldName, code, line, fromPageVersion: null }];
    }
    const earlier = current!.left?.find(
      (value) => value.indicatorCode === indicatorCode && value.fieldName === fieldName,
    );
    const fromPageVersion = earlier?.fromPageVersion ?? current!.pageVersion;
    return [{ indicatorCode, fieldName, code, line, fromPageVersion }];
  });
  return { values, left };
}

function withWhatStood(
  { fields, values, unread = [] }: IncomingPage,
  current: { readonly fields?: FieldNames | undefined; readonly values: Values },
): IncomingPage['values'] {
  if (unread.length === 0) return values;
  const stood = inOrderOf(fields, current.fields ?? fields, current.values);
  const filled = [...values];
  for (const { place } of unread) filled[place] = stood[place]!;
  return filled;
}

/** By names, since another rule pack may have come in between. */
function saysWhatWasAmended({ beforeAmendment }: CurrentPage, incoming: IncomingPage): boolean {
  if (!beforeAmendment) return false;
  const { fields, values } = beforeAmendment;
  return sameValues(inOrderOf(incoming.fields, fields, values), withWhatStood(incoming, beforeAmendment));
}

function sameValues(a: Values, b: IncomingPage['values']): boolean {
  return (
    a.length === b.length &&
    a.every((value, i) => {
      const other = b[i]!;
      return value === null || other === null ? value === other : Number(value) === other;
    })
  );
}
