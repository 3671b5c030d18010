/** The services that keep an audit chain. */
export const AUDITED = [
  'extraction-intake',
  'declaration-workflow',
  'commissioner-approval',
  'payment-export',
];
