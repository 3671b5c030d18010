import { defineService } from '@attest/hosting';
import { AppModule } from './app.module.js';
import { ExtractionIntakeSettings } from './config/extraction-intake.settings.js';
import { extractionIntakeMigrations } from './persistence/migrations/index.js';

export const extractionIntake = defineService({
  name: 'extraction-intake',
  settings: ExtractionIntakeSettings,
  module: AppModule,
  migrations: extractionIntakeMigrations,
});
