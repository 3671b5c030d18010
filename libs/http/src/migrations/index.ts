import type { MigrationClass } from '@attest/persistence';
import { CreateIdempotencyKey1766000000201 } from './1766000000201-create-idempotency-key.js';

/** What @Idempotent keeps; every service has it. */
export const httpMigrations: readonly MigrationClass[] = [CreateIdempotencyKey1766000000201];
