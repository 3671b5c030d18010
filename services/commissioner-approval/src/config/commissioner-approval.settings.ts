import { AuditSettings } from '@attest/audit';

/** Nothing beyond what every service with an audit chain needs. */
export class CommissionerApprovalSettings extends AuditSettings {}
