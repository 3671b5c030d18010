import type { MigrationClass } from '@attest/persistence';
import { CreateDirectory1766000000101 } from './1766000000101-create-directory.js';

/** The directory that every service keeps for itself. */
export const directoryMigrations: readonly MigrationClass[] = [CreateDirectory1766000000101];
