import type { RulePack } from '@attest/contracts';
import type { CalculationInput } from './calculation.js';

export type MissingInput =
  | { readonly what: 'value'; readonly indicatorCode: string; readonly fieldName: string }
  | { readonly what: 'list-size' };

/** What must arrive before this can be calculated; empty when nothing. */
export function missingInputs(pack: RulePack, input: CalculationInput): readonly MissingInput[] {
  const missing: MissingInput[] = [];
  pack.fields.forEach((field, place) => {
    if (field.required && (input.values[place] ?? null) === null)
      missing.push({ what: 'value', indicatorCode: field.indicatorCode, fieldName: field.fieldName });
  });
  if (pack.calculation.kind === 'capitation' && (input.registeredPatients ?? null) === null)
    missing.push({ what: 'list-size' });
  return missing;
}
