import { defineService } from '@attest/hosting';
import { AppModule } from './app.module.js';
import { PaymentExportSettings } from './config/payment-export.settings.js';
import { paymentMigrations } from './persistence/migrations/index.js';

export const paymentExport = defineService({
  name: 'payment-export',
  settings: PaymentExportSettings,
  module: AppModule,
  migrations: paymentMigrations,
});
