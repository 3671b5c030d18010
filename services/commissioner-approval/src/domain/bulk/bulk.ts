/** A signature that was given waits for its answer, and is `pending` until then. */
export const PENDING_STATES = ['pending'] as const;
export const FINAL_STATES = ['applied', 'refused', 'cancelled'] as const;
export const BULK_ITEM_STATES = ['queued', ...PENDING_STATES, ...FINAL_STATES] as const;
export type BulkItemState = (typeof BULK_ITEM_STATES)[number];

/** Of items that nobody came to sign. Those of a refusal are kept with the item. */
export const UNSIGNED_WORDS = {
  CANCELLED: 'The bulk was cancelled before its turn came. It was not signed; sign it whenever you like.',
  ITEM_FAILED:
    'Something failed on our side with this item, and it was not signed. Sign it by itself; if that fails too, report the bulk and its id.',
  ITEM_REPEATED:
    'This declaration stands in the request twice; its first item has the answer for it. Send each declaration once.',
} as const;
