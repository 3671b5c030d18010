import { runService } from '@attest/hosting';
import { extractionIntake } from './index.js';

await runService(extractionIntake);
