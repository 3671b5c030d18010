import { BusinessClock } from '@attest/calendar';
import { uuidV7, type Role } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { whyNotCorrected } from '../../domain/signing/signatures.js';
import { DeclarationRefusedError } from '../../domain/core/declaration.errors.js';
import { obstaclesToCorrect, refusalOf } from '../../domain/core/obstacles.js';
import type { Declaration } from '../../domain/core/declaration.js';
import { COMMISSIONER_ROLES, MoveDeclaration, type Mover, type Proposed } from '../core/move-declaration.js';
import { CorrectionStore, type Correction } from './proposal.ports.js';

const ROLES: readonly Role[] = [...COMMISSIONER_ROLES, 'FINANCE_MANAGEMENT'];

/** Two people of the commissioner say that payee or account were put right; then the next attempt may go. */
@Injectable()
export class CorrectDeclaration {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveDeclaration,
    private readonly corrections: CorrectionStore,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws DeclarationRefusedError STALE_VERSION, ILLEGAL_TRANSITION, CORRECTION_EXISTS, NOT_YOUR_ORGANISATION */
  propose(
    personId: string,
    declarationId: string,
    seenRevision: number,
    what: Correction['what'],
    reason: string,
  ): Promise<Proposed<Correction>> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockFor(tx, moverOf(personId), declarationId);
      const { declaration, actsFor } = asked;
      const refusal = whyNotCorrected(declaration, seenRevision);
      if (refusal)
        throw new DeclarationRefusedError(refusal, {
          declarationId,
          status: declaration.status,
          revision: declaration.revision,
        });
      const correction: Correction = {
        correctionId: uuidV7(),
        declarationId,
        attempt: declaration.attempt,
        what,
        reason,
        proposedBy: personId,
        proposedFor: actsFor,
        proposedAt: this.clock.now(),
      };
      if (!(await this.corrections.add(tx, correction)))
        throw new DeclarationRefusedError('CORRECTION_EXISTS', {
          declarationId,
          attempt: declaration.attempt,
        });
      const { revision } = await this.moves.apply(
        tx,
        asked,
        proposalOf(correction, personId, actsFor, reason, false),
      );
      return { proposal: correction, revision };
    });
  }

  /**
   * By whoever may propose one: a wrong proposal must not keep the right one from being made.
   * @throws DeclarationRefusedError CORRECTION_UNKNOWN, CORRECTION_SUPERSEDED
   */
  withdraw(
    personId: string,
    declarationId: string,
    correctionId: string,
    reason: string,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockFor(tx, moverOf(personId), declarationId);
      const correction = await this.corrections.find(tx, declarationId, correctionId);
      if (!correction)
        throw new DeclarationRefusedError('CORRECTION_UNKNOWN', { declarationId, correctionId });
      if (correction.attempt !== asked.declaration.attempt)
        throw new DeclarationRefusedError('CORRECTION_SUPERSEDED', { declarationId, correctionId });
      await this.corrections.withdraw(tx, correctionId, personId, this.clock.now());
      return this.moves.apply(tx, asked, proposalOf(correction, personId, asked.actsFor, reason, true));
    });
  }

  /** @throws DeclarationRefusedError STALE_VERSION, CORRECTION_UNKNOWN, CORRECTION_SUPERSEDED, SAME_PERSON … */
  confirm(
    personId: string,
    declarationId: string,
    seenRevision: number,
    correctionId: string,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockForward(tx, moverOf(personId), declarationId);
      // It leads towards payment again, on signatures that a freeze may be about to take back.
      const barred = refusalOf(obstaclesToCorrect(asked.declaration, asked)[0]);
      if (barred) throw new DeclarationRefusedError(barred, { declarationId });
      const correction = await this.corrections.find(tx, declarationId, correctionId);
      if (!correction)
        throw new DeclarationRefusedError('CORRECTION_UNKNOWN', { declarationId, correctionId });
      const corrected = await this.moves.apply(tx, asked, {
        kind: 'correct',
        declarationId,
        personId,
        forOrganisation: asked.actsFor,
        seenRevision,
        attempt: correction.attempt,
        proposedBy: correction.proposedBy,
        reason: correction.reason,
      });
      await this.corrections.confirm(tx, correctionId, personId, this.clock.now());
      return corrected;
    });
  }
}

const proposalOf = (
  { declarationId }: Correction,
  personId: string,
  forOrganisation: string,
  reason: string,
  withdrawn: boolean,
) =>
  ({
    kind: 'proposal',
    declarationId,
    personId,
    forOrganisation,
    seenRevision: null,
    withdrawn,
    code: 'CORRECTION',
    reason,
  }) as const;

const moverOf = (personId: string): Mover => ({ personId, roles: ROLES, at: 'commissioner' });
