import { runService } from '@attest/hosting';
import { organisations } from './index.js';

await runService(organisations);
