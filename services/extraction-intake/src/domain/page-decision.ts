import { inOrderOf } from './amend-page.js';

/** The newest version of a page that is stored. */
export interface CurrentPage {
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly values: readonly (bigint | number | null)[];
  readonly submittedAt: Date;
  /** Of a page that was amended: what the supplier had sent last before, by names. */
  readonly beforeAmendment?: { readonly fields: FieldNames; readonly values: CurrentPage['values'] };
}

type FieldNames = readonly { readonly indicatorCode: string; readonly fieldName: string }[];

export interface IncomingPage {
  readonly rulePackVersion: number;
  /** By which the values are ordered. */
  readonly fields: FieldNames;
  readonly values: readonly (number | null)[];
  readonly submittedAt: Date;
}

export type PageDecision = 'received' | 'amended' | 'unchanged' | 'superseded' | 'amendment-stands';

/**
 * What becomes of a practice's values. The newest submission counts, in whatever order files come; an older one is
 * kept beside and changes nothing; a newer one that says the same makes no version. An accepted amendment stands
 * against a supplier who says once more what was amended: suppliers resend, and know nothing of amendments.
 */
export function decidePage(current: CurrentPage | undefined, incoming: IncomingPage): PageDecision {
  if (!current) return 'received';
  if (incoming.submittedAt < current.submittedAt) return 'superseded';
  if (current.rulePackVersion === incoming.rulePackVersion && sameValues(current.values, incoming.values))
    return 'unchanged';
  return saysWhatWasAmended(current, incoming) ? 'amendment-stands' : 'amended';
}

/** By names, since another rule pack may have come in between. */
function saysWhatWasAmended({ beforeAmendment }: CurrentPage, incoming: IncomingPage): boolean {
  if (!beforeAmendment) return false;
  const { fields, values } = beforeAmendment;
  return sameValues(inOrderOf(incoming.fields, fields, values), incoming.values);
}

function sameValues(a: CurrentPage['values'], b: IncomingPage['values']): boolean {
  return (
    a.length === b.length &&
    a.every((value, i) => {
      const other = b[i]!;
      return value === null || other === null ? value === other : Number(value) === other;
    })
  );
}
