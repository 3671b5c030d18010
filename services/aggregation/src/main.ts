import { runService } from '@attest/hosting';
import { aggregation } from './index.js';

await runService(aggregation);
