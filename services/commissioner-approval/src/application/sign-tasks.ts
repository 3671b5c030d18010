import { Injectable } from '@nestjs/common';
import { Access } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import {
  ApprovalSignedV1,
  ApprovalStageRefusedV1,
  newEvent,
  uuidV7,
  type ApprovalStage,
  type Role,
} from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { refusalOf, type RefusalCode } from '../domain/task.js';
import { ApprovalStore, type NewSignature } from './ports.js';

export const ROLE_OF_STAGE: Record<ApprovalStage, Role> = {
  commissioner: 'APPROVAL_MANAGEMENT',
  finance: 'FINANCE_MANAGEMENT',
};

export interface SigningItem {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
}

export interface Signing {
  readonly personId: string;
  readonly stage: ApprovalStage;
  readonly decision: 'approve' | 'refuse';
  readonly reason: string | null;
  readonly bulkId: string | null;
}

export type SigningOutcome = { readonly approvalId: string } | { readonly refused: RefusalCode };

/** Signs or refuses one stage of each item, in the caller's transaction; answers in the order of the items. */
@Injectable()
export class SignTasks {
  constructor(
    private readonly store: ApprovalStore,
    private readonly access: Access,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, signing: Signing, items: readonly SigningItem[]): Promise<SigningOutcome[]> {
    const tasks = await this.store.lockTasks(
      tx,
      items.map((item) => item.declarationId),
    );
    const commissioners = [...new Set([...tasks.values()].map((task) => task.commissionerCode))];
    const mayActFor = await this.access.allowed(
      { personId: signing.personId },
      [ROLE_OF_STAGE[signing.stage]],
      commissioners,
      tx,
    );
    const signedAt = this.clock.now();
    const signatures: NewSignature[] = [];
    const outcomes = items.map((item): SigningOutcome => {
      const task = tasks.get(item.declarationId);
      const refused = refusalOf(task, task !== undefined && mayActFor.has(task.commissionerCode), {
        stage: signing.stage,
        decision: signing.decision,
        declarationVersion: item.declarationVersion,
        personId: signing.personId,
      });
      if (refused !== null) return { refused };
      const approvalId = uuidV7();
      signatures.push({ approvalId, task: task!, signedAt, ...signing });
      return { approvalId };
    });
    if (signatures.length > 0) {
      await this.store.addSignatures(tx, signatures);
      await this.outbox.add(tx, signatures.map(toEvent));
    }
    return outcomes;
  }
}

function toEvent(signature: NewSignature) {
  const facts = {
    approvalId: signature.approvalId,
    declarationId: signature.task.declarationId,
    declarationVersion: Number(signature.task.declarationVersion),
    stage: signature.stage,
    personId: signature.personId,
    forOrganisation: signature.task.commissionerCode,
    at: signature.signedAt.toISOString(),
    bulkId: signature.bulkId,
    approvalVersion: Number(signature.task.approvalVersion) + 1,
  };
  return signature.decision === 'approve'
    ? newEvent(ApprovalSignedV1, facts)
    : newEvent(ApprovalStageRefusedV1, { ...facts, reason: signature.reason ?? '' });
}
