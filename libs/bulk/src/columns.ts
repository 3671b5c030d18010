import { plainArray, textArray } from '@attest/persistence';

/** `number` is a bigint of the table that is read as a number. */
export type ColumnType = 'uuid' | 'text' | 'bigint' | 'number';

/** The fields of a type as columns: `declarationId` is `declaration_id`. */
export type Columns<T extends object> = { readonly [K in keyof T]-?: ColumnType };

export const columnOf = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `b.preview_id AS "previewId", …` */
export const selected = (alias: string, fields: readonly string[]): string =>
  fields.map((field) => `${alias}.${columnOf(field)} AS "${field}"`).join(', ');

/** A set of columns as SQL says it, and their values. */
export class ColumnSet<T extends object> {
  readonly fields: readonly (keyof T & string)[];
  /** `declaration_id, revision` */
  readonly names: string;

  constructor(private readonly types: Columns<T>) {
    this.fields = Object.keys(types) as (keyof T & string)[];
    this.names = this.fields.map(columnOf).join(', ');
  }

  /** `, declaration_id, revision`; nothing where there are no columns. */
  get alsoNames(): string {
    return this.fields.map((field) => `, ${columnOf(field)}`).join('');
  }

  /** `i.declaration_id, i.revision` */
  of(alias: string): string {
    return this.fields.map((field) => `${alias}.${columnOf(field)}`).join(', ');
  }

  selected(alias: string): string {
    return selected(alias, this.fields);
  }

  /** Parameters `$first::uuid[]` and so on, one for each column. */
  arrays(first: number): string {
    return this.fields.map((field, at) => `$${first + at}::${this.sqlType(field)}[]`).join(', ');
  }

  /** Parameters `$first::uuid` and so on. */
  scalars(first: number): string {
    return this.fields.map((field, at) => `$${first + at}::${this.sqlType(field)}`).join(', ');
  }

  /** An array literal of each column; what an item has not is null. */
  literals(items: readonly Partial<T>[]): string[] {
    return this.fields.map((field) => {
      const values = items.map((item) => item[field] ?? null);
      return this.types[field] === 'text'
        ? textArray(values as (string | null)[])
        : plainArray(values as (string | number | bigint | null)[]);
    });
  }

  values(item: T): unknown[] {
    return this.fields.map((field) => item[field]);
  }

  /** These columns alone of a row that was `selected`. */
  read(row: object): T {
    const found: Partial<Record<keyof T, unknown>> = {};
    for (const field of this.fields) {
      const value = (row as T)[field] as unknown;
      found[field] = this.types[field] === 'number' && value !== null ? Number(value) : value;
    }
    return found as T;
  }

  private sqlType(field: keyof T): string {
    const type = this.types[field];
    return type === 'number' ? 'bigint' : type;
  }
}
