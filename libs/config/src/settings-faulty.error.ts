import { AttestError } from '@attest/errors';

export class SettingsFaultyError extends AttestError {
  constructor(readonly faults: readonly string[]) {
    super('SETTINGS_FAULTY', 500, `${faults.join('; ')}. Set them in the environment and start again.`, {
      faults: faults.length,
    });
  }
}
