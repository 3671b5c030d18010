import { registerDecorator } from 'class-validator';

/** One property of each item: text or a number that fits the pattern when written out. */
export interface ItemField {
  readonly pattern: RegExp;
  /** After "needs a": what would fit. */
  readonly words: string;
  readonly optional?: boolean;
}

/**
 * Checks a list of like objects in one pass. A class instance and its metadata for each of 10,000 items costs longer
 * than what is done with them.
 */
export function ItemList(fields: Readonly<Record<string, ItemField>>, most: number): PropertyDecorator {
  const named = Object.entries(fields);
  const faultOf = (value: unknown): string | null => {
    if (!Array.isArray(value)) return 'must be a list';
    if (value.length === 0) return 'must have at least one entry';
    if (value.length > most) return `may have ${most} entries at most`;
    for (let at = 0; at < value.length; at++) {
      const fault = itemFault(value[at], named);
      if (fault) return `[${at}] ${fault}`;
    }
    return null;
  };
  return (target, propertyName) => {
    LISTS.set(target.constructor, [...itemListsOf(target.constructor), propertyName as string]);
    registerDecorator({
      name: 'itemList',
      target: target.constructor,
      propertyName: propertyName as string,
      validator: {
        validate: (value: unknown) => faultOf(value) === null,
        defaultMessage: (args) => `${String(propertyName)} ${faultOf(args?.value) ?? ''}`,
      },
    });
  };
}

const LISTS = new Map<unknown, readonly string[]>();

/** The properties of a DTO that are checked as they came; its parents' too. */
export function itemListsOf(dto: unknown): readonly string[] {
  for (let type = dto; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const found = LISTS.get(type);
    if (found) return found;
  }
  return [];
}

function itemFault(item: unknown, fields: readonly [string, ItemField][]): string | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'must be an object';
  const given = item as Record<string, unknown>;
  let known = 0;
  for (const [name, { pattern, words, optional }] of fields) {
    const value = given[name];
    if (value === undefined) {
      if (!optional) return `needs a ${name} that is ${words}`;
      if (name in given) known++;
      continue;
    }
    known++;
    if ((typeof value !== 'string' && typeof value !== 'number') || !pattern.test(String(value)))
      return `needs a ${name} that is ${words}`;
  }
  return Object.keys(given).length > known ? 'has a property that is not known here' : null;
}
