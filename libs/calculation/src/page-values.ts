import type { PageField, RulePack } from '@attest/contracts';
import { FieldUnknownError } from './calculation.errors.js';

/** Values in the order of `rulePack.fields`, as a page stores them. Null is "not given", never 0. */
export type PageValues = readonly (bigint | null)[];

export interface NamedValue {
  readonly indicatorCode: string;
  readonly fieldName: string;
  readonly value: bigint | null;
}

/** A text no code or name contains, so that two parts cannot run into each other. */
const SEPARATOR = '\u0000';
const nameOf = (field: Pick<PageField, 'indicatorCode' | 'fieldName'>): string =>
  `${field.indicatorCode}${SEPARATOR}${field.fieldName}`;

const places = new WeakMap<RulePack, ReadonlyMap<string, number>>();

/** Where a field's value lies in a page. @throws FieldUnknownError */
export function placeOf(pack: RulePack, indicatorCode: string, fieldName: string): number {
  const place = findPlace(pack, indicatorCode, fieldName);
  if (place === undefined) throw new FieldUnknownError(indicatorCode, fieldName);
  return place;
}

export function findPlace(pack: RulePack, indicatorCode: string, fieldName: string): number | undefined {
  let known = places.get(pack);
  if (!known) {
    known = new Map(pack.fields.map((field, place) => [nameOf(field), place]));
    places.set(pack, known);
  }
  return known.get(nameOf({ indicatorCode, fieldName }));
}

/** Named values at their places; what is not named is null. @throws FieldUnknownError */
export function inPageOrder(pack: RulePack, values: readonly NamedValue[]): (bigint | null)[] {
  const page: (bigint | null)[] = new Array<bigint | null>(pack.fields.length).fill(null);
  for (const { indicatorCode, fieldName, value } of values)
    page[placeOf(pack, indicatorCode, fieldName)] = value;
  return page;
}
