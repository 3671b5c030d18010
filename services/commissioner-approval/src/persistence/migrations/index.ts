import { CreateApprovals1790000000001 } from './1790000000001-create-approvals.js';

export const approvalMigrations = [CreateApprovals1790000000001];
