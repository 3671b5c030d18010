import { COMMISSIONER_ROLES, type Role } from '@attest/contracts';
import type { BulkAction } from '../../domain/bulk/bulk.js';

/** Who may do it at all; for which of the items is asked again when their turn comes. */
export const ROLES_OF: Readonly<Record<BulkAction, readonly Role[]>> = {
  declare: ['DECLARATION_MANAGEMENT'],
  'release-holds': COMMISSIONER_ROLES,
  'admit-late': COMMISSIONER_ROLES,
};

export const BULK_ROLES = [
  'DECLARATION_MANAGEMENT',
  ...COMMISSIONER_ROLES,
] as const satisfies readonly Role[];
