import { getMetadataStorage, IS_OPTIONAL, ValidationError } from 'class-validator';

/**
 * The nulls that `@IsOptional()` lets pass as if they had been left out. Nothing behind a DTO expects them, and what
 * they mean is anybody's guess: a filter that is null could select nothing or everything. Where null is an answer of
 * its own, the property says so with `@ValidateIf`.
 */
export function nullsIn(dto: object): ValidationError[] {
  const errors: ValidationError[] = [];
  for (const [property, value] of Object.entries(dto)) {
    if (value === null) {
      if (isOptional(dto, property))
        errors.push(errorOf(property, { notNull: 'may not be null: leave it out' }));
      continue;
    }
    const children = Array.isArray(value)
      ? value.flatMap((item: unknown, at) => parentOf(String(at), inside(item)))
      : inside(value);
    errors.push(...parentOf(property, children));
  }
  return errors;
}

/** What is no DTO was checked by whatever takes it. */
const inside = (value: unknown): ValidationError[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && classOf(value) !== Object
    ? nullsIn(value)
    : [];

/** By its prototype: a property named `constructor` is whatever somebody sent. */
const classOf = (value: object): unknown =>
  (Object.getPrototypeOf(value) as { constructor: unknown } | null)?.constructor ?? Object;

const parentOf = (property: string, children: ValidationError[]): ValidationError[] =>
  children.length === 0 ? [] : [Object.assign(errorOf(property), { children })];

const errorOf = (property: string, constraints?: Record<string, string>): ValidationError =>
  Object.assign(new ValidationError(), { property, ...(constraints ? { constraints } : {}) });

const isOptional = (dto: object, property: string): boolean =>
  getMetadataStorage()
    .getTargetValidationMetadatas(classOf(dto) as () => void, '', true, false)
    .some(({ name, propertyName }) => name === IS_OPTIONAL && propertyName === property);
