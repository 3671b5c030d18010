import type { Tx } from '@attest/persistence';

/** What one person of the commissioner proposed, and another one decides. */
export interface ProposalOfTwo {
  readonly declarationId: string;
  readonly proposedBy: string;
  readonly proposedFor: string;
  readonly proposedAt: Date;
}

export interface Correction extends ProposalOfTwo {
  readonly correctionId: string;
  readonly attempt: number;
  readonly what: 'payee' | 'account';
  readonly reason: string;
}

export interface OutsideSettlement extends ProposalOfTwo {
  readonly settlementId: string;
  readonly declarationVersion: number;
  /** What was owed when it was proposed, less what recoveries had taken off it. */
  readonly pence: bigint;
  readonly note: string;
}

export abstract class ProposalStore<Proposal extends ProposalOfTwo> {
  /** False when the same attempt or version has one already. */
  abstract add(tx: Tx, proposal: Proposal): Promise<boolean>;
  /** One that was not withdrawn. */
  abstract find(tx: Tx, declarationId: string, proposalId: string): Promise<Proposal | undefined>;
  abstract confirm(tx: Tx, proposalId: string, personId: string, at: Date): Promise<void>;
  abstract withdraw(tx: Tx, proposalId: string, personId: string, at: Date): Promise<void>;
}

export abstract class CorrectionStore extends ProposalStore<Correction> {}

export abstract class OutsideSettlementStore extends ProposalStore<OutsideSettlement> {}
