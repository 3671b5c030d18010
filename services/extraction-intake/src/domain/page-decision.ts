/** The newest version of a page that is stored. */
export interface CurrentPage {
  readonly pageVersion: number;
  readonly rulePackVersion: number;
  readonly values: readonly (bigint | number | null)[];
  readonly submittedAt: Date;
}

export interface IncomingPage {
  readonly rulePackVersion: number;
  readonly values: readonly (number | null)[];
  readonly submittedAt: Date;
}

export type PageDecision = 'received' | 'amended' | 'unchanged' | 'superseded';

/**
 * What becomes of a practice's values. The newest submission counts, in whatever order files come; an older one is
 * kept beside and changes nothing; a newer one that says the same makes no version.
 */
export function decidePage(current: CurrentPage | undefined, incoming: IncomingPage): PageDecision {
  if (!current) return 'received';
  if (incoming.submittedAt < current.submittedAt) return 'superseded';
  return current.rulePackVersion === incoming.rulePackVersion && sameValues(current.values, incoming.values)
    ? 'unchanged'
    : 'amended';
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
