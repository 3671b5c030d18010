import { createHash } from 'node:crypto';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from './api-docs.js';
import { CursorFaultyError } from './http.errors.js';
import { WholeNumberInQuery } from './numbers.js';

export const PAGE_LIMIT_DEFAULT = 100;
export const PAGE_LIMIT_MOST = 500;

/** `?limit=1..500&cursor=…`; extend it with a list's filters. */
export class PageQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: PAGE_LIMIT_MOST, default: PAGE_LIMIT_DEFAULT })
  @IsOptional()
  @WholeNumberInQuery({ most: PAGE_LIMIT_MOST })
  limit: number = PAGE_LIMIT_DEFAULT;

  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  cursor?: string;
}

export interface Page<T> {
  readonly items: T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** The documented shape of a page: `@ApiOkResponse({ type: pageOf(AchievementSummaryDto) })`. */
export function pageOf<T>(Item: new () => T): new () => Page<T> {
  class PageDto implements Page<T> {
    @ApiProperty({ type: Item, isArray: true })
    readonly items!: T[];
    @ApiProperty({ type: String, nullable: true })
    readonly nextCursor!: string | null;
  }
  Object.defineProperty(PageDto, 'name', { value: `${Item.name.replace(/Dto$/, '')}Page` });
  return PageDto;
}

/** Where a page ended, as the values that the list is ordered by; `CursorInterceptor` binds it to its list. */
export function encodeCursor(values: readonly (string | number | bigint)[]): string {
  return Buffer.from(JSON.stringify(values.map(String))).toString('base64url');
}

function valuesOf(cursor: string): string[] {
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new CursorFaultyError();
  }
  if (!Array.isArray(values) || values.some((v) => typeof v !== 'string')) throw new CursorFaultyError();
  return values as string[];
}

/**
 * The cursor as a caller gets it: opaque, and good for this list alone.
 * @param list its address with what it is filtered by
 */
export function bindCursor(cursor: string, list: string): string {
  const values = valuesOf(cursor);
  return encodeCursor([sealOf(values, list), ...values]);
}

/** @throws CursorFaultyError where the cursor was not bound to this list */
export function unbindCursor(cursor: string, list: string): string {
  const [seal, ...values] = valuesOf(cursor);
  if (seal !== sealOf(values, list)) throw new CursorFaultyError();
  return encodeCursor(values);
}

const sealOf = (values: readonly string[], list: string): string =>
  createHash('sha256')
    .update(JSON.stringify([list, ...values]))
    .digest('base64url')
    .slice(0, 16);

const like =
  (pattern: RegExp) =>
  (value: string): boolean =>
    pattern.test(value);

/** A day or an instant that there is, as it is written: no 31 February, no year 0. */
const written =
  (length: number) =>
  (value: string): boolean => {
    const at = new Date(value);
    return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, length) === value && value >= '0001';
  };

/** What a cursor's values look like, by the kind of column that a list is ordered by. */
const CURSOR_VALUES = {
  uuid: like(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  number: like(/^\d{1,9}$/),
  bigint: like(/^\d{1,18}$/),
  name: like(/^[\w.-]{1,200}$/),
  /** Of a person, as their identity provider names them. */
  text: like(/^[^\0]{1,200}$/),
  date: written(10),
  instant: written(24),
} as const;
export type CursorKind = keyof typeof CURSOR_VALUES;

type TextOf<Kinds extends readonly CursorKind[]> = { -readonly [At in keyof Kinds]: string };

/**
 * The values of a cursor, each of its column's kind: what a caller made up must not reach a cast in SQL. Undefined on
 * the first page.
 * @throws CursorFaultyError
 */
export function cursorValues<const Kinds extends readonly CursorKind[]>(
  cursor: string | undefined,
  ...kinds: Kinds
): TextOf<Kinds> | undefined {
  if (cursor === undefined) return undefined;
  const values = valuesOf(cursor);
  if (values.length !== kinds.length || values.some((value, at) => !CURSOR_VALUES[kinds[at]!](value)))
    throw new CursorFaultyError();
  return values as TextOf<Kinds>;
}

/** Of a list that is ordered by one column. @throws CursorFaultyError */
export const cursorValue = (cursor: string | undefined, kind: CursorKind): string | undefined =>
  cursorValues(cursor, kind)?.[0];

/** Of a list that is ordered by a number, which begins with the first above 0. @throws CursorFaultyError */
export const cursorNumber = (cursor: string | undefined): number =>
  Number(cursorValue(cursor, 'number') ?? 0);

/**
 * A page from `limit + 1` rows: one more than asked for tells whether there is a next one.
 * @param orderedBy the values of a row that the list is ordered by
 */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  orderedBy: (row: Row) => readonly (string | number | bigint)[],
  item: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(orderedBy(last)) : null,
  };
}
