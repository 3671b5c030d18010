import { ItemList } from '@attest/http';
import type { ReleaseItem } from '../application/release-holds.js';
import { BULK_ITEMS_MOST } from '../domain/bulk.js';
import { UUID_FIELD } from './declare-items.js';

/** Up to 10,000 holds, each of its declaration. */
export const ReleaseItems = (): PropertyDecorator =>
  ItemList({ declarationId: UUID_FIELD, holdId: UUID_FIELD }, BULK_ITEMS_MOST);

/** Items that were checked, as the use case takes them. */
export const releaseItemsOf = (items: readonly ReleaseItem[]): ReleaseItem[] =>
  items.map(({ declarationId, holdId }) => ({
    declarationId: declarationId.toLowerCase(),
    holdId: holdId.toLowerCase(),
  }));
