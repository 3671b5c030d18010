/** What one request may act on. */
export const BULK_ITEMS_MOST = 10_000;

/** Chunks of one bulk at once: while the database works on one, the rules of the next are looked at. */
export const BULK_LANES = 2;

/** Why the library itself answers an item. It keeps no words: the service has its own for each. */
export type OwnItemCode = 'CANCELLED' | 'ITEM_REPEATED' | 'ITEM_FAILED';

/** The types in which the bulks of services differ. A service extends it once and names that type everywhere. */
export interface BulkTypes {
  /** What is asked for, the same for all items. Who asks is no part of it. */
  readonly request: object;
  /** Those parts of the request that a look shows. */
  readonly shown: string;
  /** An item as it is asked for. */
  readonly item: object;
  /** What is kept of an item that was worked on, besides its state and code. */
  readonly result: object;
  /** Of an item; `queued`, `refused` and `cancelled` are among them. */
  readonly state: string;
  /** The field that tells when nothing was queued any more. */
  readonly endedAt: string;
  /** What a preview is made for, besides what narrows it. */
  readonly purpose: object;
  /** What narrows a preview. */
  readonly filter: object;
  /** What a preview counts besides items and pence. */
  readonly count: string;
  /** Where a person may act. */
  readonly reach: unknown;
}

/** A request as it was sent, of a preview or of items. */
export interface BulkAsked<T extends BulkTypes> {
  readonly personId: string;
  /** The person's own, the same for each repeat. */
  readonly requestKey: string;
  /** Null where its items were named one by one. */
  readonly previewId: string | null;
  readonly request: T['request'];
}

export interface NewBulk<T extends BulkTypes> extends BulkAsked<T> {
  readonly bulkId: string;
  readonly requestedAt: Date;
}

/** The next items of a person's oldest bulk. */
export interface BulkChunk<T extends BulkTypes> {
  readonly bulkId: string;
  readonly personId: string;
  readonly request: T['request'];
  readonly items: readonly (T['item'] & { readonly ordinal: number })[];
}

/** What became of an item. Null in the code: it waits for an answer that comes later. */
export type ItemAnswer<T extends BulkTypes> = T['result'] & {
  readonly state: T['state'];
  readonly code: string | null;
};

/** Also where the item failed, and nothing more is to be kept of it. */
export type AnyAnswer<T extends BulkTypes> =
  ItemAnswer<T> | (Partial<T['result']> & { readonly state: 'refused'; readonly code: OwnItemCode });

/** How far a bulk is. */
export type BulkProgress<T extends BulkTypes> = {
  readonly bulkId: string;
  readonly previewId: string | null;
  readonly requestedAt: Date;
  readonly cancelledAt: Date | null;
  readonly items: number;
} & { readonly [K in T['endedAt']]: Date | null } & { readonly [K in T['state']]: number } & Pick<
    T['request'],
    T['shown'] & keyof T['request']
  >;

/** An item as a look shows it. */
export type BulkItem<T extends BulkTypes> = T['item'] &
  T['result'] & { readonly ordinal: number; readonly state: T['state']; readonly code: string | null };

export interface NewBulkPreview<T extends BulkTypes> {
  readonly previewId: string;
  readonly personId: string;
  readonly purpose: T['purpose'];
  readonly filter: T['filter'];
  readonly madeAt: Date;
  readonly expiresAt: Date;
}

/** What a bulk would act on, counted when it was made; bound to exactly those items. */
export type BulkPreview<T extends BulkTypes> = Omit<NewBulkPreview<T>, 'personId' | 'purpose'> &
  T['purpose'] & { readonly items: number; readonly pence: bigint } & { readonly [K in T['count']]: number };

export type BulkPreviewItem<T extends BulkTypes> = T['item'] & {
  readonly ordinal: number;
  readonly pence: bigint;
};
