import { runService } from '@attest/hosting';
import { catalogue } from './index.js';

await runService(catalogue);
