import type { MigrationClass } from '@attest/persistence';
import { CreateInputs1790000040001 } from './1790000040001-create-inputs.js';
import { CreateAchievements1790000040002 } from './1790000040002-create-achievements.js';

export const aggregationMigrations: readonly MigrationClass[] = [
  CreateInputs1790000040001,
  CreateAchievements1790000040002,
];
