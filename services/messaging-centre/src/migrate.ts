import { migrateService } from '@attest/hosting';
import { messagingCentre } from './index.js';

await migrateService(messagingCentre);
