import { runService } from '@attest/hosting';
import { commissionerApproval } from './index.js';

await runService(commissionerApproval);
