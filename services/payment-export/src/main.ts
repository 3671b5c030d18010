import { runService } from '@attest/hosting';
import { paymentExport } from './index.js';

await runService(paymentExport);
