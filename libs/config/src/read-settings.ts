import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, ValidationTypes, type ValidationError } from 'class-validator';
import 'reflect-metadata';
import { SettingsFaultyError } from './settings-faulty.error.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a settings class from an environment. Its properties carry the variables' own names, class-validator's
 * decorators, and an initial value where one may be left out. Numbers and `true`/`false` are read by the
 * property's type. An empty variable counts as missing.
 * @throws SettingsFaultyError with every fault, by name and never with a value
 */
export function readSettings<T extends object>(Settings: new () => T, env: Environment): T {
  const names = settingNames(Settings);
  const defaults = new Settings() as Record<string, unknown>;
  const given: Record<string, unknown> = {};
  for (const name of names) {
    const text = env[name];
    if (text === undefined || text.trim() === '') given[name] = defaults[name];
    else given[name] = read(text.trim(), Reflect.getMetadata('design:type', Settings.prototype, name));
  }
  const settings = plainToInstance(Settings, given);
  const faults = validateSync(settings)
    .map((error) => describe(error, given[error.property] === undefined))
    .sort();
  if (faults.length > 0) throw new SettingsFaultyError(faults);
  return settings;
}

/** The variables that a settings class reads, its parents' too, in the order of their names. */
export function settingNames(Settings: new () => object): string[] {
  return [...new Set(rulesOf(Settings).map((rule) => rule.propertyName))].sort();
}

/** Those without which it cannot be read. */
export function requiredSettingNames(Settings: new () => object): string[] {
  const defaults = new Settings() as Record<string, unknown>;
  const optional = new Set(
    rulesOf(Settings)
      .filter((rule) => rule.type === ValidationTypes.CONDITIONAL_VALIDATION)
      .map((rule) => rule.propertyName),
  );
  return settingNames(Settings).filter((name) => defaults[name] === undefined && !optional.has(name));
}

const rulesOf = (Settings: new () => object) =>
  getMetadataStorage().getTargetValidationMetadatas(Settings, '', false, false);

function read(text: string, type: unknown): unknown {
  if (type === Number && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === Boolean && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function describe(error: ValidationError, missing: boolean): string {
  if (missing) return `${error.property} is missing`;
  const faults = Object.values(error.constraints ?? { unknown: `${error.property} does not fit` });
  return faults.join(' and ');
}
