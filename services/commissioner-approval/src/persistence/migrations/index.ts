import { CreateApprovals1790000000001 } from './1790000000001-create-approvals.js';
import { AuditSignatures1790000000070 } from './1790000000070-audit-signatures.js';

export const approvalMigrations = [CreateApprovals1790000000001, AuditSignatures1790000000070];
