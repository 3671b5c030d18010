import { defineService } from '@attest/hosting';
import { AppModule } from './app.module.js';
import { AggregationSettings } from './config/aggregation.settings.js';
import { aggregationMigrations } from './persistence/migrations/index.js';

export const aggregation = defineService({
  name: 'aggregation',
  settings: AggregationSettings,
  module: AppModule,
  migrations: aggregationMigrations,
});
