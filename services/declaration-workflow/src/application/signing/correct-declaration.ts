import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { obstaclesToCorrect, refusalOf } from '../../domain/core/obstacles.js';
import { MoveDeclaration } from '../core/move-declaration.js';
import { DecideByTwo, type KindOfProposal, type Proposed } from './decide-by-two.js';
import { CorrectionStore, type Correction } from './proposal.ports.js';

const CORRECTION: KindOfProposal<Correction> = {
  code: 'CORRECTION',
  refusals: {
    exists: 'CORRECTION_EXISTS',
    unknown: 'CORRECTION_UNKNOWN',
    superseded: 'CORRECTION_SUPERSEDED',
  },
  roundOf: ({ attempt }) => ({ attempt }),
  idOf: (correctionId) => ({ correctionId }),
  // It leads towards payment again, on signatures that a freeze may be about to take back.
  whyNotConfirmed: (d, surroundings) => refusalOf(obstaclesToCorrect(d, surroundings)[0]),
  confirm: ({ attempt, proposedBy, reason }, { declarationId, personId, forOrganisation, seenRevision }) => ({
    kind: 'correct',
    declarationId,
    personId,
    forOrganisation,
    seenRevision,
    attempt,
    proposedBy,
    reason,
  }),
};

/** Two people of the commissioner say that payee or account were put right; then the next attempt may go. */
@Injectable()
export class CorrectDeclaration extends DecideByTwo<Correction> {
  constructor(
    database: Database,
    moves: MoveDeclaration,
    corrections: CorrectionStore,
    clock: BusinessClock,
  ) {
    super(database, moves, corrections, clock, CORRECTION);
  }

  /** @throws DeclarationRefusedError STALE_VERSION, ILLEGAL_TRANSITION, CORRECTION_EXISTS, NOT_YOUR_ORGANISATION */
  propose(
    personId: string,
    declarationId: string,
    seenRevision: number,
    what: Correction['what'],
    reason: string,
  ): Promise<Proposed<Correction>> {
    return this.proposeAs(personId, declarationId, seenRevision, reason, (said, { attempt }) => ({
      correctionId: uuidV7(),
      attempt,
      what,
      reason,
      ...said,
    }));
  }
}
