import { RequestFaultsError, type Fault } from '@attest/errors';
import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';

/** Checks every DTO: unknown properties are refused, all faults are told together, values never. */
export function requestValidation(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    transformOptions: { exposeDefaultValues: true },
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new RequestFaultsError(errors.flatMap((error) => faultsOf(error, ''))),
  });
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
