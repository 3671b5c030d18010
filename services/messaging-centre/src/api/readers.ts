import { APPROVAL_ROLES, type Role } from '@attest/contracts';

/** Whoever holds one of these for an organisation, or above it, may read what it was told. */
export const READERS = [
  'VIEW',
  'DECLARATION_MANAGEMENT',
  ...APPROVAL_ROLES,
  'FINANCE_MANAGEMENT',
  'COMMISSIONING_MANAGEMENT',
  'NATIONAL_OPERATOR',
] as const satisfies readonly Role[];
