import type { MigrationClass } from '@attest/persistence';
import { CreateCatalogue1790000000001 } from './1790000000001-create-catalogue.js';

export const catalogueMigrations: readonly MigrationClass[] = [CreateCatalogue1790000000001];
