/** What a person may do for an organisation and its descendants (domain words; a role is an assignment, never in a token). */
export const ROLES = [
  'VIEW',
  'DECLARATION_MANAGEMENT',
  'APPROVAL_MANAGEMENT',
  'SENIOR_APPROVAL_MANAGEMENT',
  'EXECUTIVE_APPROVAL_MANAGEMENT',
  'FINANCE_MANAGEMENT',
  'COMMISSIONING_MANAGEMENT',
  'ORGANISATION_ADMINISTRATION',
  'EXTRACT_SUBMISSION',
  'PAYMENT_AGENCY',
  'NATIONAL_OPERATOR',
] as const;
export type Role = (typeof ROLES)[number];

/** Roles that may sign for the commissioner; a service's route says which tier needs which. */
export const APPROVAL_ROLES = [
  'APPROVAL_MANAGEMENT',
  'SENIOR_APPROVAL_MANAGEMENT',
  'EXECUTIVE_APPROVAL_MANAGEMENT',
] as const satisfies readonly Role[];
export type ApprovalRole = (typeof APPROVAL_ROLES)[number];

/** The organisation at the top: a role here counts everywhere. */
export const ENGLAND = 'ENGLAND';
