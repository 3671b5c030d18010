import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from './api-docs.js';
import { CursorFaultyError } from './http.errors.js';

export const PAGE_LIMIT_DEFAULT = 100;
export const PAGE_LIMIT_MOST = 500;

/** `?limit=1..500&cursor=…`; extend it with a list's filters. */
export class PageQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: PAGE_LIMIT_MOST, default: PAGE_LIMIT_DEFAULT })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(PAGE_LIMIT_MOST)
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

/** The documented shape of a page: `@ApiOkResponse({ type: pageOf(DeclarationDto) })`. */
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

/** Where a page ended, as the values that the list is ordered by. Opaque to callers. */
export function encodeCursor(values: readonly (string | number | bigint)[]): string {
  return Buffer.from(JSON.stringify(values.map(String))).toString('base64url');
}

/**
 * The values, as text, in the list's order; cast them in SQL.
 * @param count how many the list is ordered by
 * @throws CursorFaultyError
 */
export function decodeCursor(cursor: string, count?: number): string[] {
  let values: unknown;
  try {
    values = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new CursorFaultyError();
  }
  if (!Array.isArray(values) || values.some((v) => typeof v !== 'string' || v.includes('\0')))
    throw new CursorFaultyError();
  if (count !== undefined && values.length !== count) throw new CursorFaultyError();
  return values as string[];
}

/** What a cursor's values look like, by the kind of column that a list is ordered by. */
const CURSOR_VALUES = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  number: /^\d{1,9}$/,
  bigint: /^\d{1,18}$/,
  name: /^[\w.-]{1,200}$/,
} as const;
export type CursorKind = keyof typeof CURSOR_VALUES;

/**
 * The values of a cursor, each of its column's kind: what a caller made up must not reach a cast in SQL. Undefined on
 * the first page.
 * @throws CursorFaultyError
 */
export function cursorValues(
  cursor: string | undefined,
  ...kinds: readonly CursorKind[]
): string[] | undefined {
  if (cursor === undefined) return undefined;
  const values = decodeCursor(cursor, kinds.length);
  if (values.some((value, at) => !CURSOR_VALUES[kinds[at]!].test(value))) throw new CursorFaultyError();
  return values;
}

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
