import { Ajv, type ValidateFunction } from 'ajv';
import type { TSchema } from '@sinclair/typebox';

const ajv = new Ajv({ allErrors: false, strict: true, strictTypes: false, allowUnionTypes: true });

/** Tells whether data fits; the faults of what did not are in `.errors` until the next call. */
export interface Check {
  (data: unknown): boolean;
  readonly errors?: ValidateFunction['errors'];
}

/**
 * A contract's schema as a check, compiled on its first use: all of them together take longer than the rest of a
 * service's start, and a service meets a few.
 */
export function compileSchema(schema: TSchema): Check {
  let compiled: ValidateFunction | undefined;
  const check = (data: unknown): boolean => {
    compiled ??= ajv.compile(JSON.parse(JSON.stringify(schema)) as object);
    return compiled(data);
  };
  return Object.defineProperty(check, 'errors', { get: () => compiled?.errors });
}

/** The first fault in words that name the field and never its value. */
export function describeFault(validate: Check): string {
  const fault = validate.errors?.[0];
  return fault
    ? `${fault.instancePath || 'the data'} ${fault.message ?? 'does not fit'}`
    : 'does not fit its contract';
}
