import { readSettings, SettingsFaultyError, type Environment } from '@attest/config';
import { NotInProductionError } from './hosting.errors.js';
import { kafkaAccessFaults } from './kafka-access.js';
import type { ServiceSettings } from './service-settings.js';

/** @throws SettingsFaultyError, NotInProductionError */
export function readServiceSettings<S extends ServiceSettings>(Settings: new () => S, env: Environment): S {
  const settings = readSettings(Settings, env);
  if (settings.NODE_ENV === 'production') {
    const unwanted = [
      ...(settings.BUSINESS_CLOCK_MOVABLE ? ['BUSINESS_CLOCK_MOVABLE'] : []),
      ...(settings.JOBS_AT_LEAST_EVERY_MS ? ['JOBS_AT_LEAST_EVERY_MS'] : []),
      ...(settings.CRASH_AT ? ['CRASH_AT'] : []),
      ...(settings.CRASH_WHEN_TOLD ? ['CRASH_WHEN_TOLD'] : []),
    ];
    if (unwanted.length > 0) throw new NotInProductionError(unwanted);
  }
  const faults = kafkaAccessFaults(settings);
  if (faults.length > 0) throw new SettingsFaultyError(faults);
  return settings;
}
