import { CreateApprovals1790000000001 } from './1790000000001-create-approvals.js';
import { AddTiers1790000000030 } from './1790000000030-add-tiers.js';
import { AuditSignatures1790000000070 } from './1790000000070-audit-signatures.js';

export const approvalMigrations = [
  CreateApprovals1790000000001,
  AddTiers1790000000030,
  AuditSignatures1790000000070,
];
