import { runService } from '@attest/hosting';
import { messagingCentre } from './index.js';

await runService(messagingCentre);
