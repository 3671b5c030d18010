import { BusinessClock } from '@attest/calendar';
import { uuidV7, type Role } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { whyNotSettledOutside } from '../../domain/signing/settle-outside.js';
import { DeclarationRefusedError } from '../../domain/core/declaration.errors.js';
import type { Declaration } from '../../domain/core/declaration.js';
import { mayTake } from '../../domain/core/declaration.transitions.js';
import { COMMISSIONER_ROLES, MoveDeclaration, type Mover, type Proposed } from '../core/move-declaration.js';
import { OutsideSettlementStore, type OutsideSettlement } from './proposal.ports.js';

const ROLES: readonly Role[] = [...COMMISSIONER_ROLES, 'FINANCE_MANAGEMENT'];

/** Two people of the commissioner say that what an adjustment owes was settled outside; then it is not paid here. */
@Injectable()
export class SettleOutside {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveDeclaration,
    private readonly settlements: OutsideSettlementStore,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws DeclarationRefusedError STALE_VERSION, ONLY_ADJUSTMENTS_SETTLE_OUTSIDE, ILLEGAL_TRANSITION, ON_HOLD, SETTLEMENT_EXISTS … */
  propose(
    personId: string,
    declarationId: string,
    seenRevision: number,
    note: string,
  ): Promise<Proposed<OutsideSettlement>> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockForward(tx, moverOf(personId), declarationId);
      const { declaration, actsFor } = asked;
      const refusal = whyNotSettledOutside(declaration, { ...asked, seenRevision });
      if (refusal)
        throw new DeclarationRefusedError(refusal, {
          declarationId,
          status: declaration.status,
          revision: declaration.revision,
        });
      const settlement: OutsideSettlement = {
        settlementId: uuidV7(),
        declarationId,
        declarationVersion: declaration.declarationVersion,
        pence: declaration.pence - declaration.nettedPence,
        note,
        proposedBy: personId,
        proposedFor: actsFor,
        proposedAt: this.clock.now(),
      };
      if (!(await this.settlements.add(tx, settlement)))
        throw new DeclarationRefusedError('SETTLEMENT_EXISTS', {
          declarationId,
          declarationVersion: declaration.declarationVersion,
        });
      const { revision } = await this.moves.apply(
        tx,
        asked,
        proposalOf(settlement, personId, actsFor, note, false),
      );
      return { proposal: settlement, revision };
    });
  }

  /**
   * By whoever may propose one: a wrong proposal must not keep the right one from being made.
   * @throws DeclarationRefusedError SETTLEMENT_UNKNOWN, SETTLEMENT_SUPERSEDED, ILLEGAL_TRANSITION
   */
  withdraw(
    personId: string,
    declarationId: string,
    settlementId: string,
    reason: string,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockFor(tx, moverOf(personId), declarationId);
      const { declaration } = asked;
      const settlement = await this.settlements.find(tx, declarationId, settlementId);
      if (!settlement)
        throw new DeclarationRefusedError('SETTLEMENT_UNKNOWN', { declarationId, settlementId });
      if (!mayTake(declaration.status, 'settle-outside'))
        throw new DeclarationRefusedError('ILLEGAL_TRANSITION', {
          declarationId,
          status: declaration.status,
        });
      if (settlement.declarationVersion !== declaration.declarationVersion)
        throw new DeclarationRefusedError('SETTLEMENT_SUPERSEDED', { declarationId, settlementId });
      await this.settlements.withdraw(tx, settlementId, personId, this.clock.now());
      return this.moves.apply(tx, asked, proposalOf(settlement, personId, asked.actsFor, reason, true));
    });
  }

  /** @throws DeclarationRefusedError STALE_VERSION, SETTLEMENT_UNKNOWN, SETTLEMENT_SUPERSEDED, SAME_PERSON … */
  confirm(
    personId: string,
    declarationId: string,
    seenRevision: number,
    settlementId: string,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockForward(tx, moverOf(personId), declarationId);
      const settlement = await this.settlements.find(tx, declarationId, settlementId);
      if (!settlement)
        throw new DeclarationRefusedError('SETTLEMENT_UNKNOWN', { declarationId, settlementId });
      const settled = await this.moves.apply(tx, asked, {
        kind: 'settle-outside',
        declarationId,
        personId,
        forOrganisation: asked.actsFor,
        seenRevision,
        declarationVersion: settlement.declarationVersion,
        proposedBy: settlement.proposedBy,
        note: settlement.note,
        parked: asked.parked,
        frozen: asked.frozen,
      });
      await this.settlements.confirm(tx, settlementId, personId, this.clock.now());
      return settled;
    });
  }
}

const proposalOf = (
  { declarationId }: OutsideSettlement,
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
    code: 'SETTLEMENT_OUTSIDE',
    reason,
  }) as const;

const moverOf = (personId: string): Mover => ({ personId, roles: ROLES, at: 'commissioner' });
