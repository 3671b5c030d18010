/** What one request may act on. */
export const BULK_ITEMS_MOST = 10_000;

/** Chunks of one bulk at once: no declaration is locked here, so nothing that stops money waits for them. */
export const BULK_LANES = 2;

export const BULK_ITEM_STATES = ['queued', 'pending', 'applied', 'refused', 'cancelled'] as const;
export type BulkItemState = (typeof BULK_ITEM_STATES)[number];

export const CANCELLED = {
  code: 'CANCELLED',
  words: 'The bulk was cancelled before its turn came. It was not signed; sign it whenever you like.',
} as const;

export const ITEM_FAILED = {
  code: 'ITEM_FAILED',
  words:
    'Something failed on our side with this item, and it was not signed. Sign it by itself; if that fails too, report the bulk and its id.',
} as const;

export const ITEM_REPEATED = {
  code: 'ITEM_REPEATED',
  words:
    'This declaration stands in the request twice; its first item has the answer for it. Send each declaration once.',
} as const;
