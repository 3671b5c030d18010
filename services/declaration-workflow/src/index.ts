import { defineService } from '@attest/hosting';
import { AppModule } from './app.module.js';
import { DeclarationWorkflowSettings } from './config/declaration-workflow.settings.js';
import { declarationMigrations } from './persistence/migrations/index.js';

export const declarationWorkflow = defineService({
  name: 'declaration-workflow',
  settings: DeclarationWorkflowSettings,
  module: AppModule,
  migrations: declarationMigrations,
});
