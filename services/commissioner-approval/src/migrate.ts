import { migrateService } from '@attest/hosting';
import { commissionerApproval } from './index.js';

await migrateService(commissionerApproval);
