import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { mayTake } from '../../domain/core/declaration.transitions.js';
import { MoveDeclaration } from '../core/move-declaration.js';
import { DecideByTwo, type KindOfProposal, type Proposed } from './decide-by-two.js';
import { OutsideSettlementStore, type OutsideSettlement } from './proposal.ports.js';

const SETTLEMENT: KindOfProposal<OutsideSettlement> = {
  code: 'SETTLEMENT_OUTSIDE',
  refusals: {
    exists: 'SETTLEMENT_EXISTS',
    unknown: 'SETTLEMENT_UNKNOWN',
    superseded: 'SETTLEMENT_SUPERSEDED',
  },
  // Both people say it of the amount that they looked at.
  roundOf: ({ declarationVersion }) => ({ declarationVersion }),
  idOf: (settlementId) => ({ settlementId }),
  whyNotWithdrawn: ({ status }) => (mayTake(status, 'settle-outside') ? null : 'ILLEGAL_TRANSITION'),
  confirm: ({ declarationVersion, proposedBy, note }, by) => ({
    kind: 'settle-outside',
    ...by,
    declarationVersion,
    proposedBy,
    note,
  }),
};

/** Two people of the commissioner say that what an adjustment owes was settled outside; then it is not paid here. */
@Injectable()
export class SettleOutside extends DecideByTwo<OutsideSettlement> {
  constructor(
    database: Database,
    moves: MoveDeclaration,
    settlements: OutsideSettlementStore,
    clock: BusinessClock,
  ) {
    super(database, moves, settlements, clock, SETTLEMENT);
  }

  /** @throws DeclarationRefusedError STALE_VERSION, ONLY_ADJUSTMENTS_SETTLE_OUTSIDE, ILLEGAL_TRANSITION, ON_HOLD, SETTLEMENT_EXISTS … */
  propose(
    personId: string,
    declarationId: string,
    seenRevision: number,
    note: string,
  ): Promise<Proposed<OutsideSettlement>> {
    return this.proposeAs(
      personId,
      declarationId,
      seenRevision,
      note,
      (said, { declarationVersion, pence, nettedPence }) => ({
        settlementId: uuidV7(),
        declarationVersion,
        pence: pence - nettedPence,
        note,
        ...said,
      }),
    );
  }
}
