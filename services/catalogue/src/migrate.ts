import { migrateService } from '@attest/hosting';
import { catalogue } from './index.js';

await migrateService(catalogue);
