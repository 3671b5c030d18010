import { Ajv, type ValidateFunction } from 'ajv';
import type { TSchema } from '@sinclair/typebox';

const ajv = new Ajv({ allErrors: false, strict: true, strictTypes: false, allowUnionTypes: true });

/** Compiles a contract's schema once; the function it returns leaves its faults in `.errors`. */
export function compileSchema(schema: TSchema): ValidateFunction {
  return ajv.compile(JSON.parse(JSON.stringify(schema)) as object);
}

/** The first fault in words that name the field and never its value. */
export function describeFault(validate: ValidateFunction): string {
  const fault = validate.errors?.[0];
  return fault
    ? `${fault.instancePath || 'the data'} ${fault.message ?? 'does not fit'}`
    : 'does not fit its contract';
}
