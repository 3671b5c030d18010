import { describe, expect, it } from '@jest/globals';
import { RequestFaultsError } from '@attest/errors';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Matches, ValidateIf, ValidateNested } from 'class-validator';
import { ItemList } from './item-list.js';
import { PageQuery } from './paging.js';
import { requestValidation } from './validation.js';

class ChangeDto {
  @IsString()
  practiceCode!: string;

  @IsOptional()
  @IsInt()
  revision?: number;
}

class BulkDto extends PageQuery {
  @IsOptional()
  @Matches(/^[A-Z]+$/)
  serviceCode?: string;

  @IsOptional()
  @IsBoolean()
  held?: boolean;

  @IsOptional()
  decision: string = 'approve';

  @IsOptional()
  @ItemList({ declarationId: { pattern: /^\d$/, words: 'a digit' } }, 10)
  items?: { declarationId: string }[];

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => ChangeDto)
  changes?: ChangeDto[];

  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsString()
  to?: string | null;
}

const read = (body: unknown): Promise<BulkDto> =>
  requestValidation().transform(body, { type: 'body', metatype: BulkDto }) as Promise<BulkDto>;
const faultsOf = (body: unknown) =>
  read(body).then(
    () => [],
    (error: unknown) => (error as RequestFaultsError).faults,
  );

describe('a request', () => {
  const detail = 'may not be null: leave it out';

  it.each<[string, object, string]>([
    ['a filter', { serviceCode: null }, 'serviceCode'],
    ['a switch', { held: null }, 'held'],
    ['what has a default', { decision: null }, 'decision'],
    ['a list of like items', { items: null }, 'items'],
    ['a list', { changes: null }, 'changes'],
    ['a property that the parent has', { limit: null }, 'limit'],
    [
      'a property of an entry',
      { changes: [{ practiceCode: 'A81001', revision: null }] },
      'changes[0].revision',
    ],
  ])('is refused where %s may be left out and is null', async (_, body, at) => {
    expect(await faultsOf(body)).toEqual([{ at, detail }]);
  });

  it('may hold null where null is an answer of its own', async () => {
    expect(await read({ to: null })).toMatchObject({ to: null });
  });

  it('is told of its nulls together with its other faults', async () => {
    expect(await faultsOf({ serviceCode: null, held: 'x', changes: [{ practiceCode: null }] })).toEqual([
      { at: 'held', detail: 'must be a boolean value' },
      { at: 'changes[0].practiceCode', detail: 'must be a string' },
      { at: 'serviceCode', detail },
    ]);
  });

  it('whose entry says that it is of another class is refused for that alone', async () => {
    expect(await faultsOf({ items: [{ declarationId: '1', constructor: 'x', revision: null }] })).toEqual([
      { at: 'items', detail: '[0] has a property that is not known here' },
    ]);
  });

  it('without any is taken as it is', async () => {
    const items = [{ declarationId: '1' }];
    expect(await read({ serviceCode: 'X', items, changes: [{ practiceCode: 'A81001' }] })).toMatchObject({
      serviceCode: 'X',
      decision: 'approve',
      items,
      limit: 100,
    });
  });
});
