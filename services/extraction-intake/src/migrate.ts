import { migrateService } from '@attest/hosting';
import { extractionIntake } from './index.js';

await migrateService(extractionIntake);
