import { ANY_CODE } from '@attest/contracts';
import { ApiPropertyOptional, IsBusinessDate, PENCE_DIGITS } from '@attest/http';
import { IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';

/** The options of a field as the OpenAPI document tells them. */
type Told = Exclude<Parameters<typeof ApiPropertyOptional>[0], undefined>;

const field =
  (options: Told, ...checks: PropertyDecorator[]): PropertyDecorator =>
  (target, name) => {
    for (const decorate of [...checks, IsOptional(), ApiPropertyOptional(options)]) decorate(target, name);
  };

/** Fields by which previews are narrowed; what is left out does not narrow. */
export const Narrows = {
  toCode: (example?: string) => field(example === undefined ? {} : { example }, Matches(ANY_CODE)),
  toPaymentPeriod: () => field({ example: '2026-08' }, Matches(/^\d{4}-(0[1-9]|1[0-2])$/)),
  toDate: () => field({ example: '2026-07-31' }, IsBusinessDate()),
  toOneOf: (values: readonly string[], description?: string) =>
    field({ enum: [...values], ...(description === undefined ? {} : { description }) }, IsIn(values)),
  toFlag: (description?: string) => field(description === undefined ? {} : { description }, IsBoolean()),
  toPence: (example: string, description: string) => field({ example, description }, Matches(PENCE_DIGITS)),
} as const;
