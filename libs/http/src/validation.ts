import { RequestFaultsError, type Fault } from '@attest/errors';
import { ValidationPipe } from '@nestjs/common';
import * as transformer from 'class-transformer';
import type { ClassConstructor, ClassTransformOptions } from 'class-transformer';
import * as validator from 'class-validator';
import type { ValidationError, ValidatorOptions } from 'class-validator';
import { itemListsOf } from './item-list.js';
import { nullsIn } from './nulls.js';

/** Checks every DTO: unknown properties and nulls are refused, all faults are told together, values never. */
export function requestValidation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    transformOptions: { exposeDefaultValues: true },
    transformerPackage: { ...transformer, plainToInstance: toInstance },
    validatorPackage: { ...validator, validate: faultsIn },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new RequestFaultsError(errors.flatMap((error) => faultsOf(error, ''))),
  });
}

async function faultsIn(dto: unknown, options?: ValidatorOptions): Promise<ValidationError[]> {
  return [...(await validator.validate(dto as object, options)), ...nullsIn(dto as object)];
}

/** Long lists of like items stay as they came: made into instances one by one, they cost more than what is done with them. */
function toInstance<T>(dto: ClassConstructor<T>, body: unknown, options?: ClassTransformOptions): T {
  const lists = itemListsOf(dto);
  if (lists.length === 0 || typeof body !== 'object' || body === null)
    return transformer.plainToInstance(dto, body, options) as T;
  const rest: Record<string, unknown> = { ...body };
  const given = lists.filter((name) => name in rest).map((name) => [name, rest[name]] as const);
  for (const [name] of given) delete rest[name];
  const instance = transformer.plainToInstance(dto, rest, options) as T & Record<string, unknown>;
  return Object.assign(instance as object, Object.fromEntries(given)) as T;
}

function faultsOf(error: ValidationError, parent: string): Fault[] {
  const at =
    /^\d+$/.test(error.property) && parent
      ? `${parent}[${error.property}]`
      : parent
        ? `${parent}.${error.property}`
        : error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, words]) => ({
    at,
    detail:
      rule === 'whitelistValidation'
        ? 'is not known here'
        : words.replace(new RegExp(`^${escape(error.property)} `), ''),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, at))];
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
