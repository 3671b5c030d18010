/** The newest version of a page that is stored. */
export interface CurrentPage {
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly values: readonly (bigint | number | null)[];
  readonly submittedAt: Date;
  /** Of a page that was amended: what the supplier had sent last before. */
  readonly beforeAmendment?: Pick<CurrentPage, 'rulePackVersion' | 'values'> | null;
}

export interface IncomingPage {
  readonly rulePackVersion: number;
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
  if (samePage(current, incoming)) return 'unchanged';
  const { beforeAmendment } = current;
  return beforeAmendment && samePage(beforeAmendment, incoming) ? 'amendment-stands' : 'amended';
}

const samePage = (known: Pick<CurrentPage, 'rulePackVersion' | 'values'>, incoming: IncomingPage): boolean =>
  known.rulePackVersion === incoming.rulePackVersion && sameValues(known.values, incoming.values);

function sameValues(a: CurrentPage['values'], b: IncomingPage['values']): boolean {
  return (
    a.length === b.length &&
    a.every((value, i) => {
      const other = b[i]!;
      return value === null || other === null ? value === other : Number(value) === other;
    })
  );
}
