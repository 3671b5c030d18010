import type { Facts, PageFact } from '../domain/facts.js';

/**
 * Facts on their way to another thread: every page's values in one typed array, which is handed over instead of
 * copied, and everything else cloned. A million bigints one by one would cost more than they save.
 */
export interface PackedFacts {
  readonly facts: readonly Facts[];
  /** NaN stands for null; no value is above 999,999,999, so each is exact. */
  readonly values: Float64Array<ArrayBuffer>;
}

const pagesOf = (facts: Facts): PageFact[] =>
  [facts.page, ...facts.members.map((member) => member.page)].filter((page) => page !== null);

export function packFacts(facts: readonly Facts[]): PackedFacts {
  const pages = facts.flatMap(pagesOf);
  const values = new Float64Array(pages.reduce((sum, page) => sum + 1 + page.values.length, 0));
  let at = 0;
  for (const page of pages) {
    values[at++] = page.values.length;
    for (const value of page.values) values[at++] = value === null ? NaN : Number(value);
  }
  return { facts: facts.map((fact) => withPages(fact, (page) => ({ ...page, values: [] }))), values };
}

export function unpackFacts({ facts, values }: PackedFacts): Facts[] {
  let at = 0;
  const unpack = (page: PageFact): PageFact => {
    const length = values[at++]!;
    const own = values.subarray(at, at + length);
    at += length;
    return { ...page, values: Array.from(own, (value) => (Number.isNaN(value) ? null : BigInt(value))) };
  };
  return facts.map((fact) => withPages(fact, unpack));
}

/** Pages in the order of `pagesOf`. */
function withPages(facts: Facts, change: (page: PageFact) => PageFact): Facts {
  const page = facts.page && change(facts.page);
  const members = facts.members.map((member) => ({ ...member, page: member.page && change(member.page) }));
  return { ...facts, page, members };
}
