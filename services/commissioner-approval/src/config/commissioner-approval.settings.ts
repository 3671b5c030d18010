import { ServiceSettings } from '@attest/hosting';

/** Nothing beyond what every service needs. */
export class CommissionerApprovalSettings extends ServiceSettings {}
