import type { MigrationClass } from '@attest/persistence';
import { CreateInputs1790000040001 } from './1790000040001-create-inputs.js';
import { CreateAchievements1790000040002 } from './1790000040002-create-achievements.js';
import { KeepAmendmentOfPage1790000040050 } from './1790000040050-keep-amendment-of-page.js';
import { APageOfWhichNothingStands1790000040170 } from './1790000040170-a-page-of-which-nothing-stands.js';

export const aggregationMigrations: readonly MigrationClass[] = [
  CreateInputs1790000040001,
  CreateAchievements1790000040002,
  KeepAmendmentOfPage1790000040050,
  APageOfWhichNothingStands1790000040170,
];
