import { wordsOf, type RefusalCode } from './refusals.js';

/** What one request may act on. */
export const BULK_ITEMS_MOST = 10_000;

/** Chunks of one job at once: while the database works on one, the rules of the next are looked at. */
export const BULK_LANES = 2;

export const BULK_ITEM_STATES = ['queued', 'declared', 'refused', 'cancelled'] as const;
export type BulkItemState = (typeof BULK_ITEM_STATES)[number];

/** What became of an item: declared, or why not. */
export type BulkItemCode = 'DECLARED' | 'DECLARED_LATE' | 'CANCELLED' | 'ITEM_FAILED' | RefusalCode;

const OWN_WORDS = {
  DECLARED: 'Declared. Whose signature it waits for now, if anybody’s, stands on the declaration.',
  DECLARED_LATE: 'Declared after the deadline; it is paid with a later run.',
  CANCELLED:
    'The bulk was cancelled before its turn came. Nothing happened to it; declare it whenever you like.',
  ITEM_FAILED:
    'Something failed on our side with this item, and nothing happened to it. Declare it by itself; if that fails too, report the bulk and its id.',
} as const;

export const wordsOfItem = (code: BulkItemCode): string =>
  code in OWN_WORDS ? OWN_WORDS[code as keyof typeof OWN_WORDS] : wordsOf(code as RefusalCode);
