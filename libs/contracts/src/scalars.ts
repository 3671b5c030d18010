import { Type, type TSchema } from '@sinclair/typebox';

/** How codes and ids are written: whoever reads a request, a file or a record asks by these. */
export const ODS_CODE = /^[A-Z][A-Z0-9]{1,9}$/;
export const SERVICE_CODE = /^[A-Z][A-Z0-9]{2,19}$/;
/** In filters that take a code of any kind: what is none of any finds nothing. */
export const ANY_CODE = /^[A-Z][A-Z0-9]{1,19}$/;
export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** ODS code of any organisation: practice `A81001`, PCN `U07032`, ICB `QHM`, `ENGLAND`, `PCSE`. */
export const OdsCode = Type.String({ pattern: ODS_CODE.source });
/** Short code of a quality service, e.g. `QOFAST1415`. */
export const ServiceCode = Type.String({ pattern: SERVICE_CODE.source });
/** A London business date, `YYYY-MM-DD`. */
export const BusinessDate = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
/** An instant in UTC, as `Date.toISOString()` prints it. */
export const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?Z$' });
/** Whole pence as digits, because bigint has no JSON form. May be negative for a recovery. */
export const PenceDigits = Type.String({ pattern: '^-?\\d{1,18}$' });
/** An exact decimal as text, e.g. a rate of `0.729` pounds. */
export const DecimalDigits = Type.String({ pattern: '^-?\\d{1,15}(\\.\\d{1,10})?$' });
export const Uuid = Type.String({ pattern: UUID.source });
export const PersonId = Type.String({ minLength: 1, maxLength: 120 });
/** Grows by one with every change of one aggregate. */
export const Version = Type.Integer({ minimum: 0 });
export const Reason = Type.String({ minLength: 1, maxLength: 1000 });

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const OneOf = <const T extends readonly string[]>(values: T) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values] });
