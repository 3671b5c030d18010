import { BULK_ITEMS_MOST } from '@attest/bulk';
import { ItemList, VERSION_DIGITS, type ItemField } from '@attest/http';
import type { DeclareItem } from '../../application/signing/declare-achievements.js';

export const UUID_FIELD: ItemField = {
  pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  words: 'a UUID',
};
export const REVISION_FIELD: ItemField = { pattern: VERSION_DIGITS, words: 'a whole number' };

/** Declarations, each with the revision that was seen, where the request binds one. */
export const DeclareItems = (): PropertyDecorator =>
  ItemList(
    { declarationId: UUID_FIELD, revision: { ...REVISION_FIELD, optional: true } },
    // More than a job takes are no list for anybody; more than are answered at once are sent on to the job.
    BULK_ITEMS_MOST,
  );

/** Items that were checked, as the use case takes them. */
export const declareItemsOf = (
  items: readonly { declarationId: string; revision?: number | string }[],
): DeclareItem[] =>
  items.map(({ declarationId, revision }) => ({
    declarationId: declarationId.toLowerCase(),
    revision: revision === undefined ? null : Number(revision),
  }));
