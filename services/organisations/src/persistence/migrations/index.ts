import type { MigrationClass } from '@attest/persistence';
import { CreateOrganisations1790000000001 } from './1790000000001-create-organisations.js';

export const organisationsMigrations: readonly MigrationClass[] = [CreateOrganisations1790000000001];
