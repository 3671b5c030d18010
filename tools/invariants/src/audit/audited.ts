import type { ServiceName } from '@attest/contracts';

/** The services that keep an audit chain. */
export const AUDITED: readonly ServiceName[] = [
  'organisations',
  'extraction-intake',
  'declaration-workflow',
  'commissioner-approval',
  'payment-export',
];
