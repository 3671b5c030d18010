import { BULK_ITEMS_MOST } from '@attest/bulk';
import { ItemList } from '@attest/http';
import type { ReleaseItem } from '../../application/holds/release-holds.js';
import { REVISION_FIELD, UUID_FIELD } from '../signing/declare-items.js';

/** Holds, each of its declaration. As many as a job takes: whoever sends more than are answered at once is sent there. */
export const ReleaseItems = (): PropertyDecorator =>
  ItemList(
    { declarationId: UUID_FIELD, holdId: UUID_FIELD, revision: { ...REVISION_FIELD, optional: true } },
    BULK_ITEMS_MOST,
  );

/** Items that were checked, as the use case takes them. */
export const releaseItemsOf = (
  items: readonly { declarationId: string; holdId: string; revision?: number | string }[],
): ReleaseItem[] =>
  items.map(({ declarationId, holdId, revision }) => ({
    declarationId: declarationId.toLowerCase(),
    holdId: holdId.toLowerCase(),
    revision: revision === undefined ? null : Number(revision),
  }));
