import { AttestError } from '@attest/errors';

export class MigrationsPendingError extends AttestError {
  constructor(service: string, pending: readonly string[]) {
    super(
      'MIGRATIONS_PENDING',
      503,
      `The database of ${service} lacks ${pending.length} migrations, beginning with ${pending[0]}. Run services/${service}/dist/migrate.js and start again.`,
      { service, pending: pending.length },
    );
  }
}

export class NotInProductionError extends AttestError {
  constructor(names: readonly string[]) {
    super(
      'NOT_IN_PRODUCTION',
      500,
      `${names.join(' and ')} must not be set in production. Remove it and start again.`,
    );
  }
}
