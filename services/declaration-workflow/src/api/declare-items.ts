import { registerDecorator } from 'class-validator';
import type { DeclareItem } from '../application/declare-achievements.js';

export const BULK_ITEMS_MOST = 10_000;

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const REVISION = /^\d{1,15}$/;

/**
 * Checks a bulk's items in one pass. A class instance and its metadata for each of 10,000 items costs longer than
 * declaring them.
 */
export const DeclareItems = (): PropertyDecorator => itemsChecked('declareItems', itemFault);

/** @param itemFault what is wrong with one item, or null */
export function itemsChecked(name: string, itemFault: (item: unknown) => string | null): PropertyDecorator {
  return (target, propertyName) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value: unknown) => faultOf(value, itemFault) === null,
        defaultMessage: (args) => `items ${faultOf(args?.value, itemFault) ?? ''}`,
      },
    });
}

function faultOf(value: unknown, itemFault: (item: unknown) => string | null): string | null {
  if (!Array.isArray(value)) return 'must be a list';
  if (value.length === 0) return 'must have at least one entry';
  if (value.length > BULK_ITEMS_MOST) return `may have ${BULK_ITEMS_MOST} entries at most`;
  for (let at = 0; at < value.length; at++) {
    const fault = itemFault(value[at]);
    if (fault) return `[${at}] ${fault}`;
  }
  return null;
}

function itemFault(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'must be an object';
  const { declarationId, revision, ...others } = item as Record<string, unknown>;
  if (typeof declarationId !== 'string' || !UUID.test(declarationId))
    return 'needs a declarationId that is a UUID';
  if (revision !== undefined && !REVISION.test(String(revision)))
    return 'has a revision that is not a whole number';
  return Object.keys(others).length > 0 ? 'has a property that is not known here' : null;
}

/** Items that were checked, as the use case takes them. */
export const declareItemsOf = (
  items: readonly { declarationId: string; revision?: number | string }[],
): DeclareItem[] =>
  items.map(({ declarationId, revision }) => ({
    declarationId: declarationId.toLowerCase(),
    revision: revision === undefined ? null : Number(revision),
  }));
