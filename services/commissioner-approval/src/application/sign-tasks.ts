import { Injectable } from '@nestjs/common';
import { Access } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import {
  APPROVAL_ROLES,
  ApprovalSignedV1,
  ApprovalStageRefusedV1,
  newEvent,
  uuidV7,
  type ApprovalStage,
  type Role,
} from '@attest/contracts';
import { Outbox, versionsOf, type Versions } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { refusalOf, roleFor, tierSigned, type ApprovalTask, type RefusalCode } from '../domain/task.js';
import { ApprovalStore, type NewSignature } from './ports.js';

/** Roles of which one signs a stage; which one, a route's tier says. */
export const ROLES_OF_STAGE: Record<ApprovalStage, readonly Role[]> = {
  commissioner: APPROVAL_ROLES,
  finance: ['FINANCE_MANAGEMENT'],
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
    const mayActFor = await this.rolesAt(tx, signing, [...tasks.values()]);
    const others = [...tasks.values()]
      .map((task) => task.commissionerCode)
      .filter((code) => !mayActFor.has(code));
    const seen = await this.access.seen({ personId: signing.personId }, [...new Set(others)], tx);
    const signedAt = this.clock.now();
    const signatures: NewSignature[] = [];
    const outcomes = items.map((item): SigningOutcome => {
      const task = tasks.get(item.declarationId);
      const held = task && mayActFor.get(task.commissionerCode);
      const standing = {
        sees: held !== undefined || (task !== undefined && seen.has(task.commissionerCode)),
        mayAct: held !== undefined,
        mayTakeTier: task !== undefined && held?.has(roleFor(signing.stage, task)) === true,
      };
      const refused = refusalOf(task, standing, {
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
      const versions = await versionsOf(tx);
      await this.outbox.add(
        tx,
        signatures.map((signature) => toEvent(signature, versions)),
      );
    }
    return outcomes;
  }

  /** By commissioner, the roles of this stage that the person holds there: a statement per role, whatever the set. */
  private async rolesAt(
    tx: Tx,
    { personId, stage }: Signing,
    tasks: readonly ApprovalTask[],
  ): Promise<Map<string, Set<Role>>> {
    const commissioners = [...new Set(tasks.map((task) => task.commissionerCode))];
    // The usual route asks for one role; the others are looked up where a tier needs them.
    const tiered = tasks.some((task) => task.tier !== null);
    const roles = tiered ? ROLES_OF_STAGE[stage] : [roleFor(stage, { tier: null })];
    const held = new Map<string, Set<Role>>();
    for (const role of roles)
      for (const code of await this.access.allowed({ personId }, [role], commissioners, tx))
        held.set(code, (held.get(code) ?? new Set<Role>()).add(role));
    return held;
  }
}

/** Numbered as its task is. */
function toEvent(signature: NewSignature, versions: Versions) {
  const facts = {
    approvalId: signature.approvalId,
    declarationId: signature.task.declarationId,
    declarationVersion: Number(signature.task.declarationVersion),
    stage: signature.stage,
    personId: signature.personId,
    forOrganisation: signature.task.commissionerCode,
    at: signature.signedAt.toISOString(),
    bulkId: signature.bulkId,
    approvalVersion: Number(versions.after(signature.task.approvalVersion)),
    ...(tierSigned(signature) === null ? {} : { tier: tierSigned(signature)! }),
  };
  return signature.decision === 'approve'
    ? newEvent(ApprovalSignedV1, facts)
    : newEvent(ApprovalStageRefusedV1, { ...facts, reason: signature.reason ?? '' });
}
