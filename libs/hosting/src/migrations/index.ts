import { directoryMigrations } from '@attest/auth';
import { httpMigrations } from '@attest/http';
import { messagingMigrations } from '@attest/messaging';
import type { MigrationClass } from '@attest/persistence';
import { CreateHosting1766000000301 } from './1766000000301-create-hosting.js';

/** The clock and the scheduler's firings. */
export const hostingMigrations: readonly MigrationClass[] = [CreateHosting1766000000301];

/** What every service's database begins with. */
export const platformMigrations: readonly MigrationClass[] = [
  ...messagingMigrations,
  ...directoryMigrations,
  ...httpMigrations,
  ...hostingMigrations,
];
