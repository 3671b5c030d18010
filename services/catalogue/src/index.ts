import { defineService } from '@attest/hosting';
import { AppModule } from './app.module.js';
import { CatalogueSettings } from './config/catalogue.settings.js';
import { catalogueMigrations } from './persistence/migrations/index.js';

export const catalogue = defineService({
  name: 'catalogue',
  settings: CatalogueSettings,
  module: AppModule,
  migrations: catalogueMigrations,
});
