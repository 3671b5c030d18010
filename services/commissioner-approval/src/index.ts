import { defineService } from '@attest/hosting';
import { AppModule } from './app.module.js';
import { CommissionerApprovalSettings } from './config/commissioner-approval.settings.js';
import { approvalMigrations } from './persistence/migrations/index.js';

export const commissionerApproval = defineService({
  name: 'commissioner-approval',
  settings: CommissionerApprovalSettings,
  module: AppModule,
  migrations: approvalMigrations,
});
