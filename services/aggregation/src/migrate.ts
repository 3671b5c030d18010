import { migrateService } from '@attest/hosting';
import { aggregation } from './index.js';

await migrateService(aggregation);
