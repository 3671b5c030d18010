import type { MigrationClass } from '@attest/persistence';
import { CreateIdempotencyKey1790000020000 } from './1790000020000-create-idempotency-key.js';

/** What @Idempotent keeps; every service has it. */
export const httpMigrations: readonly MigrationClass[] = [CreateIdempotencyKey1790000020000];
