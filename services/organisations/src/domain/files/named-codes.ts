import { ODS_CODE } from '@attest/contracts';
import type { Layout } from './layouts.js';

export const NAMED_KINDS = ['practice', 'pcn', 'commissioner'] as const;
export type NamedKind = (typeof NAMED_KINDS)[number];

/** An organisation that a row names; without a code where that cannot be read. */
export interface NamedCode {
  readonly kind: NamedKind;
  readonly code: string | null;
}

/** In which columns each layout names organisations; first the one that its rows are about. */
const COLUMNS_OF_CODES: Readonly<Record<Layout, readonly (readonly [NamedKind, string])[]>> = {
  practices: [['practice', 'practice_code']],
  pcns: [['pcn', 'pcn_code']],
  'pcn-memberships': [
    ['practice', 'practice_code'],
    ['pcn', 'pcn_code'],
  ],
  'practice-pcn-icb': [
    ['practice', 'practice_code'],
    ['pcn', 'pcn_code'],
    ['commissioner', 'icb_code'],
  ],
  people: [],
};
/** Stands where a practice is in no PCN. */
export const UNALLOCATED = 'U';

/** Whom a row names although it cannot be taken; of a row whose fields cannot be told apart nothing is known. */
export const namedCodes = (layout: Layout, row: Readonly<Record<string, string>> | undefined): NamedCode[] =>
  COLUMNS_OF_CODES[layout].flatMap(([kind, column]) => {
    const text = row?.[column] ?? '';
    return text === UNALLOCATED ? [] : [{ kind, code: ODS_CODE.test(text) ? text : null }];
  });

/** Each of them once. */
export const eachOnce = (codes: Iterable<NamedCode>): NamedCode[] => [
  ...new Map([...codes].map((named) => [`${named.kind} ${named.code}`, named])).values(),
];

/** Whom the row is about: a practice, or a PCN. */
export const subjectOf = (codes: readonly NamedCode[]): string | null => codes[0]?.code ?? null;
