import { runService } from '@attest/hosting';
import { declarationWorkflow } from './index.js';

await runService(declarationWorkflow);
