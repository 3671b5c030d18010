import type { Tx } from '@attest/persistence';

export interface Correction {
  readonly correctionId: string;
  readonly declarationId: string;
  readonly attempt: number;
  readonly what: 'payee' | 'account';
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedFor: string;
  readonly proposedAt: Date;
}

export abstract class CorrectionStore {
  /** False when this attempt has one already. */
  abstract add(tx: Tx, correction: Correction): Promise<boolean>;
  /** One that was not withdrawn. */
  abstract find(tx: Tx, declarationId: string, correctionId: string): Promise<Correction | undefined>;
  abstract confirm(tx: Tx, correctionId: string, personId: string, at: Date): Promise<void>;
  abstract withdraw(tx: Tx, correctionId: string, personId: string, at: Date): Promise<void>;
}

export interface OutsideSettlement {
  readonly settlementId: string;
  readonly declarationId: string;
  readonly declarationVersion: number;
  /** What was owed when it was proposed, less what recoveries had taken off it. */
  readonly pence: bigint;
  readonly note: string;
  readonly proposedBy: string;
  readonly proposedFor: string;
  readonly proposedAt: Date;
}

export abstract class OutsideSettlementStore {
  /** False when this version has one already. */
  abstract add(tx: Tx, settlement: OutsideSettlement): Promise<boolean>;
  /** One that was not withdrawn. */
  abstract find(tx: Tx, declarationId: string, settlementId: string): Promise<OutsideSettlement | undefined>;
  abstract confirm(tx: Tx, settlementId: string, personId: string, at: Date): Promise<void>;
  abstract withdraw(tx: Tx, settlementId: string, personId: string, at: Date): Promise<void>;
}
