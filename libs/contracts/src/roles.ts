/** What a person may do for an organisation and its descendants (domain words; a role is an assignment, never in a token). */
export const ROLES = [
  'VIEW',
  'DECLARATION_MANAGEMENT',
  'APPROVAL_MANAGEMENT',
  'FINANCE_MANAGEMENT',
  'COMMISSIONING_MANAGEMENT',
  'ORGANISATION_ADMINISTRATION',
  'EXTRACT_SUBMISSION',
  'PAYMENT_AGENCY',
  'NATIONAL_OPERATOR',
] as const;
export type Role = (typeof ROLES)[number];

/** The organisation at the top: a role here counts everywhere. */
export const ENGLAND = 'ENGLAND';
