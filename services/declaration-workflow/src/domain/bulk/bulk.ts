import { wordsOf, type RefusalCode } from '../core/refusals.js';

/** What is answered at once is one transaction, and nothing may wait for the locks of more than this. */
export const AT_ONCE_MOST = 500;

export const BULK_ACTIONS = ['declare', 'release-holds', 'admit-late'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** How an item ends that was done. */
export const DONE_BY = {
  declare: 'declared',
  'release-holds': 'released',
  'admit-late': 'admitted',
} as const satisfies Record<BulkAction, string>;

export const FINAL_STATES = ['declared', 'released', 'admitted', 'refused', 'cancelled'] as const;
export const BULK_ITEM_STATES = ['queued', ...FINAL_STATES] as const;
export type BulkItemState = (typeof BULK_ITEM_STATES)[number];

/** What became of an item: done, or why not. */
export type BulkItemCode = 'DECLARED' | 'DECLARED_LATE' | 'RELEASED' | 'ADMITTED' | 'CANCELLED' | RefusalCode;

const OWN_WORDS = {
  DECLARED: 'Declared. Whose signature it waits for now, if anybody’s, stands on the declaration.',
  DECLARED_LATE: 'Declared after the deadline; it is paid with a later run.',
  RELEASED: 'Released. Whether another hold stands on it, and where it goes on, stands on the declaration.',
  ADMITTED: 'Admitted; it is paid with the run of its own payment period once it is approved.',
  CANCELLED:
    'The bulk was cancelled before its turn came. Nothing happened to it; send it again whenever you like.',
} as const;

export const wordsOfItem = (code: BulkItemCode): string =>
  code in OWN_WORDS ? OWN_WORDS[code as keyof typeof OWN_WORDS] : wordsOf(code as RefusalCode);
