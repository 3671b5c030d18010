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
  /** An event that it depends on could not be applied here: it is not signed until that is repaired. */
  parked: boolean;
  pence: bigint;
  declarationVersion: bigint;
  signaturePending: boolean;
  since: Date;
  /** The commissioner's tier that is due, and the role that it takes; null where the route is the usual one. */
  tier: string | null;
  tierRole: string | null;
  lastSignature: LastSignature | null;
}

/** The newest signature or refusal of a declaration, and why it was not applied. */
export interface LastSignature {
  approvalId: string;
  stage: ApprovalStage;
  tier: string | null;
  decision: 'approve' | 'refuse';
  declarationVersion: bigint;
  personId: string;
  bulkId: string | null;
  signedAt: Date;
  state: 'pending' | 'applied' | 'refused';
  code: string | null;
  words: string | null;
  answeredAt: Date | null;
}

export abstract class TaskQueries {
  /** What waits for a signature. `scope`: codes at which the caller holds a role; each reaches its descendants. */
  abstract list(scope: readonly string[], filter: TaskFilter): Promise<TaskView[]>;
  /** Whatever it waits for, if for anything. */
  abstract one(declarationId: string): Promise<TaskView | undefined>;
}
