import type { ReleaseItem } from '../application/release-holds.js';
import { itemsChecked, UUID } from './declare-items.js';

/** As `DeclareItems`: one pass over up to 10,000. */
export const ReleaseItems = (): PropertyDecorator => itemsChecked('releaseItems', itemFault);

function itemFault(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'must be an object';
  const { declarationId, holdId, ...others } = item as Record<string, unknown>;
  if (typeof declarationId !== 'string' || !UUID.test(declarationId))
    return 'needs a declarationId that is a UUID';
  if (typeof holdId !== 'string' || !UUID.test(holdId)) return 'needs a holdId that is a UUID';
  return Object.keys(others).length > 0 ? 'has a property that is not known here' : null;
}

/** Items that were checked, as the use case takes them. */
export const releaseItemsOf = (items: readonly ReleaseItem[]): ReleaseItem[] =>
  items.map(({ declarationId, holdId }) => ({
    declarationId: declarationId.toLowerCase(),
    holdId: holdId.toLowerCase(),
  }));
