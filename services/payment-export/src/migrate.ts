import { migrateService } from '@attest/hosting';
import { paymentExport } from './index.js';

await migrateService(paymentExport);
