import { BusinessClock } from '@attest/calendar';
import { ApprovalRefusedV1, newEvent, type NewEvent } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { wordsOf } from '../../domain/core/refusals.js';
import type { Discarded, StimulusOf } from '../../domain/core/stimulus.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { FreezeGuard } from '../periods/freeze.ports.js';
import { DeclarationStore, ParkedStore, type GivenApproval } from '../core/declaration.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

export type ArrivedSignature = Omit<StimulusOf<'signature'>, 'kind' | 'parked' | 'frozen' | 'answered'> & {
  readonly eventId: string;
};

/** Applies signatures and refusals, or answers why not; either way each gets its answer (rule 8). */
@Injectable()
export class ApplySignatures {
  constructor(
    private readonly store: DeclarationStore,
    private readonly parked: ParkedStore,
    private readonly guard: FreezeGuard,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
  ) {}

  async run(tx: Tx, signatures: readonly ArrivedSignature[]): Promise<void> {
    const ids = [...new Set(signatures.map((signature) => signature.declarationId))];
    await this.guard.share(tx, ids);
    const batch = await DeclarationBatch.of(tx, await this.store.lock(tx, ids), this.clock);
    const parked = await this.parked.load(tx);
    const frozen = await this.guard.standing(tx);
    const answers: NewEvent[] = [];
    const refused: GivenApproval[] = [];
    const repeated = signatures.filter(
      ({ declarationId, approvalVersion }) =>
        approvalVersion <= (batch.one(declarationId)?.approvalVersion ?? 0),
    );
    const answered = await this.store.answeredApprovals(tx, repeated);
    for (const { eventId, ...signature } of signatures) {
      const before = batch.one(signature.declarationId);
      const { refusal } = batch.applyTo(
        {
          kind: 'signature',
          ...signature,
          parked: before ? parked.sinceBesideApprovals(before) !== null : false,
          frozen: before ? frozen.of(before) !== null : false,
          answered: answered.has(signature.approvalId),
        },
        eventId,
      );
      if (refusal === null) continue;
      refused.push(signature);
      const { approvalId, approvalVersion, declarationId, declarationVersion, stage } = signature;
      answers.push(
        newEvent(
          ApprovalRefusedV1,
          {
            approvalId,
            declarationId,
            declarationVersion,
            stage,
            code: refusal,
            words: wordsOf(refusal) + reasonOf(signature.discarded),
            revision: before?.revision ?? 0,
            approvalVersion: batch.one(declarationId)?.approvalVersion ?? approvalVersion,
          },
          { causedBy: eventId },
        ) as NewEvent,
      );
    }
    await this.store.keepRefused(tx, refused);
    await this.writer.run(tx, batch, answers);
  }
}

export const reasonOf = (discarded: Discarded | undefined): string =>
  discarded ? ` The reason given: ${discarded.why}` : '';
