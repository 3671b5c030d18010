import type { PageField, RulePack } from '@attest/contracts';
import type { AmendedValue } from './amendment.js';
import {
  AmendmentRefusedError,
  ValuesFaultyError,
  type FaultyValue,
  type ValueFault,
} from './amendment.errors.js';

/** As a person sent it: whether it is a count is checked here. */
export interface AskedValue {
  readonly indicatorCode: string;
  readonly fieldName: string;
  readonly value: unknown;
}

/** A page's values in the order of the rule pack that holds now. */
export type PageCounts = readonly (number | null)[];

const MOST = 999_999_999;
type Fields = Pick<RulePack, 'fields'>['fields'];

/**
 * The values of a page by names in the order of another pack: fields that it added were not sent, fields that it
 * dropped are read by nobody. As aggregation reads them.
 */
export function inOrderOf(
  fields: readonly Pick<PageField, 'indicatorCode' | 'fieldName'>[],
  ordered: readonly Pick<PageField, 'indicatorCode' | 'fieldName'>[],
  values: readonly (bigint | number | null)[],
): PageCounts {
  const named = new Map(ordered.map((field, place) => [nameOf(field), values[place] ?? null]));
  return fields.map((field) => {
    const value = named.get(nameOf(field)) ?? null;
    return value === null ? null : Number(value);
  });
}

/**
 * The page with the asked values in place of its own, and what that changes.
 * @throws ValuesFaultyError for values that are no counts of known fields; all are told together
 * @throws AmendmentRefusedError NOTHING_CHANGED, PAGE_INCOMPLETE
 */
export function amendPage(
  fields: Fields,
  page: PageCounts,
  asked: readonly AskedValue[],
): { values: PageCounts; changes: readonly AmendedValue[] } {
  const places = new Map(fields.map((field, place) => [nameOf(field), place]));
  const values = [...page];
  const given = new Set<number>();
  const faults: FaultyValue[] = [];
  asked.forEach((one, at) => {
    const place = places.get(nameOf(one));
    const fault: ValueFault | undefined =
      place === undefined ? 'FIELD_UNKNOWN' : given.has(place) ? 'FIELD_DUPLICATE' : faultOf(one.value);
    if (fault !== undefined) faults.push({ place: at, code: fault });
    else values[place!] = one.value as number;
    if (place !== undefined) given.add(place);
  });
  if (faults.length > 0) throw new ValuesFaultyError(faults);
  const changes = changedValues(fields, page, values);
  if (changes.length === 0) throw new AmendmentRefusedError('NOTHING_CHANGED');
  const lacking = fields.filter((field, place) => field.required && values[place] === null);
  if (lacking.length > 0)
    throw new AmendmentRefusedError('PAGE_INCOMPLETE', {
      lacking: lacking.length,
      first: `${lacking[0]!.indicatorCode} ${lacking[0]!.fieldName}`,
    });
  return { values, changes };
}

/** A request never empties a field, so every new value is there. */
export function changedValues(fields: Fields, before: PageCounts, after: PageCounts): AmendedValue[] {
  return fields.flatMap(({ indicatorCode, fieldName }, place) => {
    const [oldValue, newValue] = [before[place] ?? null, after[place] ?? null];
    return newValue === null || newValue === oldValue
      ? []
      : [{ indicatorCode, fieldName, oldValue, newValue }];
  });
}

function faultOf(value: unknown): ValueFault | undefined {
  if (value === undefined || value === null) return 'VALUE_MISSING';
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'VALUE_NOT_A_NUMBER';
  if (value < 0) return 'VALUE_NEGATIVE';
  if (value > MOST) return 'VALUE_TOO_LARGE';
  return Number.isInteger(value) ? undefined : 'VALUE_DECIMAL';
}

/** A character that no code or name contains, so that two parts cannot run into each other. */
const nameOf = (field: { indicatorCode: string; fieldName: string }): string =>
  `${field.indicatorCode}\u0000${field.fieldName}`;
