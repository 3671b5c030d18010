import { BusinessClock } from '@attest/calendar';
import { uuidV7, type Role } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationRefusedError } from '../domain/declaration.errors.js';
import type { Declaration } from '../domain/declaration.js';
import { mayTake } from '../domain/declaration.transitions.js';
import { COMMISSIONER_ROLES, MoveDeclaration, type Mover } from './move-declaration.js';
import { CorrectionStore } from './ports.js';

const ROLES: readonly Role[] = [...COMMISSIONER_ROLES, 'FINANCE_MANAGEMENT'];

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

/** Two people of the commissioner say that payee or account were put right; then the next attempt may go. */
@Injectable()
export class CorrectDeclaration {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveDeclaration,
    private readonly corrections: CorrectionStore,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws DeclarationRefusedError ILLEGAL_TRANSITION, CORRECTION_EXISTS, NOT_YOUR_ORGANISATION */
  propose(
    personId: string,
    declarationId: string,
    what: Correction['what'],
    reason: string,
  ): Promise<Correction> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockFor(tx, moverOf(personId), declarationId);
      const { declaration, actsFor } = asked;
      if (!mayTake(declaration.status, 'correct'))
        throw new DeclarationRefusedError('ILLEGAL_TRANSITION', {
          declarationId,
          status: declaration.status,
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
      await this.moves.apply(tx, asked, proposalOf(correction, personId, actsFor, reason, false));
      return correction;
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

  /** @throws DeclarationRefusedError CORRECTION_UNKNOWN, CORRECTION_SUPERSEDED, SAME_PERSON, ILLEGAL_TRANSITION */
  confirm(personId: string, declarationId: string, correctionId: string): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockForward(tx, moverOf(personId), declarationId);
      // It leads towards payment again, on signatures that a freeze may be about to take back.
      const barred = asked.parked ? 'UPSTREAM_EVENT_PARKED' : asked.frozen ? 'PERIOD_FROZEN' : null;
      if (barred) throw new DeclarationRefusedError(barred, { declarationId });
      const correction = await this.corrections.find(tx, declarationId, correctionId);
      if (!correction)
        throw new DeclarationRefusedError('CORRECTION_UNKNOWN', { declarationId, correctionId });
      const corrected = await this.moves.apply(tx, asked, {
        kind: 'correct',
        declarationId,
        personId,
        forOrganisation: asked.actsFor,
        seenRevision: null,
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
