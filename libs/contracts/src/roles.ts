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

/** Who may do what a commissioner does besides signing: hold, admit what is late, correct, freeze. */
export const COMMISSIONER_ROLES = [
  'COMMISSIONING_MANAGEMENT',
  ...APPROVAL_ROLES,
] as const satisfies readonly Role[];

/** Who may read what a provider achieved, declared and is paid, and what it was told. */
export const READING_ROLES = [
  'VIEW',
  'DECLARATION_MANAGEMENT',
  ...APPROVAL_ROLES,
  'FINANCE_MANAGEMENT',
  'COMMISSIONING_MANAGEMENT',
  'NATIONAL_OPERATOR',
] as const satisfies readonly Role[];

/** The organisation at the top: a role here counts everywhere. */
export const ENGLAND = 'ENGLAND';
