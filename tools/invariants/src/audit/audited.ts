// @ts-nocheck
/** The services that keep an audit chain. */
export const AUDITED = [
  'organisations',
  'extraction-intake',
  'declaration-workflow',
  'commissioner-approval',
  'payment-export',
];
