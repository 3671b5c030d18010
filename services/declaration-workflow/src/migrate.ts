import { migrateService } from '@attest/hosting';
import { declarationWorkflow } from './index.js';

await migrateService(declarationWorkflow);
