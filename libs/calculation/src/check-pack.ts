import type { Calculation, RulePack } from '@attest/contracts';
import { compareRatios, MoneyFormatError, parseDecimal, ratio } from '@attest/money';
import { findPlace } from './page-values.js';

/** What a schema cannot say about a rule pack. `at` is a JSON pointer into it. */
export interface PackFault {
  readonly at: string;
  readonly detail: string;
}

/** Every fault at once; empty when the pack can be calculated. */
export function checkPack(pack: RulePack): PackFault[] {
  return [...checkFields(pack), ...checkCalculation(pack), ...checkDependencies(pack)];
}

function checkFields(pack: RulePack): PackFault[] {
  const faults: PackFault[] = [];
  const seen = new Set<string>();
  const check = (field: { indicatorCode: string; fieldName: string }, at: string): void => {
    const name = `${field.indicatorCode}\u0000${field.fieldName}`;
    if (seen.has(name)) faults.push({ at, detail: `lists ${field.indicatorCode} ${field.fieldName} twice` });
    seen.add(name);
  };
  pack.fields.forEach((field, i) => check(field, `/fields/${i}`));
  pack.ignoredFields.forEach((field, i) => check(field, `/ignoredFields/${i}`));
  return faults;
}

function checkCalculation(pack: RulePack): PackFault[] {
  const { calculation } = pack;
  const faults: PackFault[] = [];
  const used = new Set<string>();
  const field = (indicatorCode: string, fieldName: string, at: string): void => {
    if (findPlace(pack, indicatorCode, fieldName) === undefined)
      faults.push({ at, detail: `names ${indicatorCode} ${fieldName}, which is not among the fields` });
  };
  const once = (what: string, at: string): void => {
    if (used.has(what)) faults.push({ at, detail: `pays ${what} twice` });
    used.add(what);
  };
  const notNegative = (text: string, at: string): void => {
    const value = decimalOrNull(text);
    if (value === null) faults.push({ at, detail: 'has more digits than are kept exactly' });
    else if (compareRatios(value, ratio(0n)) < 0) faults.push({ at, detail: 'is below 0' });
  };
  switch (calculation.kind) {
    case 'item-of-service':
      calculation.items.forEach((item, i) => {
        const at = `/calculation/items/${i}`;
        field(item.indicatorCode, item.fieldName, at);
        once(`${item.indicatorCode} ${item.fieldName}`, at);
        notNegative(item.feePounds, `${at}/feePounds`);
      });
      break;
    case 'capitation':
      notNegative(calculation.poundsPerPatientPerYear, '/calculation/poundsPerPatientPerYear');
      if (calculation.share.numerator > calculation.share.denominator)
        faults.push({ at: '/calculation/share', detail: 'is more than a whole year' });
      break;
    case 'sliding-points':
      notNegative(calculation.poundsPerPoint, '/calculation/poundsPerPoint');
      calculation.indicators.forEach((indicator, i) => {
        const at = `/calculation/indicators/${i}`;
        once(indicator.indicatorCode, at);
        notNegative(indicator.points, `${at}/points`);
        if (indicator.kind === 'register') {
          field(indicator.indicatorCode, indicator.registerField, `${at}/registerField`);
          return;
        }
        field(indicator.indicatorCode, indicator.numeratorField, `${at}/numeratorField`);
        field(indicator.indicatorCode, indicator.denominatorField, `${at}/denominatorField`);
        faults.push(...checkThresholds(indicator.lowerPct, indicator.upperPct, at));
      });
  }
  return faults;
}

function checkThresholds(lowerPct: string, upperPct: string, at: string): PackFault[] {
  const [lower, upper] = [decimalOrNull(lowerPct), decimalOrNull(upperPct)];
  if (lower === null || upper === null) return [{ at, detail: 'has more digits than are kept exactly' }];
  if (compareRatios(lower, ratio(0n)) < 0 || compareRatios(upper, ratio(100n)) > 0)
    return [{ at, detail: 'has a threshold outside 0 to 100 per cent' }];
  return compareRatios(lower, upper) < 0
    ? []
    : [{ at, detail: 'has a lower threshold that is not below its upper one' }];
}

const NEEDS: Record<Calculation['kind'], 'page' | 'list-size'> = {
  'item-of-service': 'page',
  capitation: 'list-size',
  'sliding-points': 'page',
};

/** A figure that does not say what it depends on would not be made again when that changes. */
function checkDependencies(pack: RulePack): PackFault[] {
  const faults: PackFault[] = [];
  const need = NEEDS[pack.calculation.kind];
  if (!pack.dependsOn.includes(need))
    faults.push({ at: '/dependsOn', detail: `lacks ${need}, which ${pack.calculation.kind} reads` });
  if (pack.dependsOn.includes('page') && pack.fields.length === 0)
    faults.push({ at: '/fields', detail: 'is empty although the pack depends on pages' });
  return faults;
}

function decimalOrNull(text: string): ReturnType<typeof parseDecimal> | null {
  try {
    return parseDecimal(text);
  } catch (error) {
    if (error instanceof MoneyFormatError) return null;
    throw error;
  }
}
