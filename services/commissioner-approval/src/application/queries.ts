import type { ApprovalStage } from '@attest/contracts';

export interface TaskFilter {
  readonly stage?: ApprovalStage | undefined;
  readonly serviceCode?: string | undefined;
  readonly achievementDate?: string | undefined;
  readonly organisationCode?: string | undefined;
  readonly commissionerCode?: string | undefined;
  readonly held?: boolean | undefined;
  readonly pending?: boolean | undefined;
  /** Only what waits for a tier that this role signs. */
  readonly tierRole?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface TaskView {
  declarationId: string;
  kind: string;
  serviceCode: string;
  achievementDate: string;
  organisationCode: string;
  commissionerCode: string;
  paymentPeriod: string;
  status: string;
  stage: string | null;
  held: boolean;
  awaitingAggregation: boolean;
  late: boolean;
  pence: bigint;
  declarationVersion: bigint;
  signaturePending: boolean;
  since: Date;
  /** The commissioner's tier that is due, and the role that it takes; null where the route is the usual one. */
  tier: string | null;
  tierRole: string | null;
}

/** What waits for a signature at the commissioners where the caller holds a role. */
export abstract class TaskQueries {
  /** `scope`: codes at which the caller holds a role; each reaches its descendants. */
  abstract list(scope: readonly string[], filter: TaskFilter): Promise<TaskView[]>;
}
