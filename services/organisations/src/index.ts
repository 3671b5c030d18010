import { defineService } from '@attest/hosting';
import { AppModule } from './app.module.js';
import { OrganisationsSettings } from './config/organisations.settings.js';
import { organisationsMigrations } from './persistence/migrations/index.js';

export const organisations = defineService({
  name: 'organisations',
  settings: OrganisationsSettings,
  module: AppModule,
  migrations: organisationsMigrations,
});
