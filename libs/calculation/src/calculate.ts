import type { Calculation, RulePack } from '@attest/contracts';
import { InputsMissingError, ValueNegativeError } from './calculation.errors.js';
import { capitation } from './capitation.js';
import type { CalculationInput, CalculationResult } from './calculation.js';
import { itemOfService } from './item-of-service.js';
import { missingInputs } from './missing-inputs.js';
import { slidingPoints } from './sliding-points.js';

/**
 * The only definition of what a provider is paid. Exact until the one rounding of money at its end.
 * @throws InputsMissingError when a required value or the list is not there; nothing is guessed
 * @throws ValueNegativeError, FieldUnknownError
 */
export function calculate(pack: RulePack, input: CalculationInput): CalculationResult {
  const missing = missingInputs(pack, input);
  if (missing.length > 0) throw new InputsMissingError(missing);
  input.values.forEach((value, place) => {
    if (value === null || value >= 0n) return;
    const field = pack.fields[place];
    throw new ValueNegativeError(field?.indicatorCode ?? '?', field?.fieldName ?? '?');
  });
  return ofKind(pack, pack.calculation, input);
}

function ofKind(pack: RulePack, calculation: Calculation, input: CalculationInput): CalculationResult {
  switch (calculation.kind) {
    case 'item-of-service':
      return itemOfService(pack, calculation, input.values);
    case 'capitation':
      return capitation(calculation, input.registeredPatients!);
    case 'sliding-points':
      return slidingPoints(pack, calculation, input.values);
  }
}
