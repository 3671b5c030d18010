import { migrateService } from '@attest/hosting';
import { organisations } from './index.js';

await migrateService(organisations);
