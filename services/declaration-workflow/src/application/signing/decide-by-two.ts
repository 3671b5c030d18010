import type { BusinessClock } from '@attest/calendar';
import { COMMISSIONER_ROLES, type Role } from '@attest/contracts';
import type { Database, Tx } from '@attest/persistence';
import { DeclarationRefusedError } from '../../domain/core/declaration.errors.js';
import type { Declaration } from '../../domain/core/declaration.js';
import type { Surroundings } from '../../domain/core/obstacles.js';
import type { RefusalCode } from '../../domain/core/refusals.js';
import type { StimulusOf } from '../../domain/core/stimulus.js';
import { type MoveDeclaration, type Move, type Mover } from '../core/move-declaration.js';
import type { ProposalOfTwo, ProposalStore } from './proposal.ports.js';

/** Who may propose, confirm and withdraw. */
export const DECIDING_ROLES = [
  ...COMMISSIONER_ROLES,
  'FINANCE_MANAGEMENT',
] as const satisfies readonly Role[];

/** What waits for a second person now, and the revision at which that one finds the declaration. */
export interface Proposed<Proposal> {
  readonly proposal: Proposal;
  readonly revision: number;
}

/** The person and the declaration of a step towards payment. */
export type DecidedBy = Surroundings & {
  readonly declarationId: string;
  readonly personId: string;
  readonly forOrganisation: string;
  readonly seenRevision: number;
};

/** What differs between the things that two people decide. */
export interface KindOfProposal<Proposal> {
  readonly code: StimulusOf<'proposal'>['code'];
  readonly refusals: Readonly<Record<'exists' | 'unknown' | 'superseded', RefusalCode>>;
  /** The attempt or version that it is proposed for: each has one proposal at a time. */
  readonly roundOf: (of: Declaration | Proposal) => Readonly<Record<string, number>>;
  readonly idOf: (proposalId: string) => Readonly<Record<string, string>>;
  readonly whyNotWithdrawn?: (d: Declaration) => RefusalCode | null;
  /** Looked at before the proposal itself, where it is confirmed. */
  readonly whyNotConfirmed?: (d: Declaration, surroundings: Surroundings) => RefusalCode | null;
  readonly confirm: (proposal: Proposal, by: DecidedBy) => Move;
}

/** Two people of the commissioner decide: one proposes, another one confirms, and until then it may be withdrawn. */
export abstract class DecideByTwo<Proposal extends ProposalOfTwo> {
  protected constructor(
    private readonly database: Database,
    private readonly moves: MoveDeclaration,
    private readonly proposals: ProposalStore<Proposal>,
    private readonly clock: BusinessClock,
    private readonly kind: KindOfProposal<Proposal>,
  ) {}

  protected proposeAs(
    personId: string,
    declarationId: string,
    seenRevision: number,
    reason: string,
    make: (said: ProposalOfTwo, declaration: Declaration) => Proposal,
  ): Promise<Proposed<Proposal>> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockForward(tx, moverOf(personId), declarationId);
      const { declaration, actsFor: forOrganisation, parked, frozen } = asked;
      const { revision } = await this.moves.apply(tx, asked, {
        kind: 'proposal',
        code: this.kind.code,
        withdrawn: false,
        declarationId,
        personId,
        forOrganisation,
        seenRevision,
        reason,
        parked,
        frozen,
      });
      const proposedAt = this.clock.now();
      const proposal = make(
        { declarationId, proposedBy: personId, proposedFor: forOrganisation, proposedAt },
        declaration,
      );
      if (!(await this.proposals.add(tx, proposal)))
        throw new DeclarationRefusedError(this.kind.refusals.exists, {
          declarationId,
          ...this.kind.roundOf(declaration),
        });
      return { proposal, revision };
    });
  }

  /**
   * By whoever may propose one: a wrong proposal must not keep the right one from being made.
   * @throws DeclarationRefusedError …_UNKNOWN, …_SUPERSEDED, ILLEGAL_TRANSITION
   */
  withdraw(
    personId: string,
    declarationId: string,
    proposalId: string,
    reason: string,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockFor(tx, moverOf(personId), declarationId);
      const { declaration } = asked;
      const proposal = await this.find(tx, declarationId, proposalId);
      const refusal = this.kind.whyNotWithdrawn?.(declaration) ?? null;
      if (refusal) throw new DeclarationRefusedError(refusal, { declarationId, status: declaration.status });
      if (!isSameRound(this.kind.roundOf(proposal), this.kind.roundOf(declaration)))
        throw new DeclarationRefusedError(this.kind.refusals.superseded, {
          declarationId,
          ...this.kind.idOf(proposalId),
        });
      await this.proposals.withdraw(tx, proposalId, personId, this.clock.now());
      return this.moves.apply(tx, asked, {
        kind: 'proposal',
        code: this.kind.code,
        withdrawn: true,
        declarationId,
        personId,
        forOrganisation: asked.actsFor,
        seenRevision: null,
        reason,
        parked: false,
        frozen: false,
      });
    });
  }

  /** @throws DeclarationRefusedError STALE_VERSION, …_UNKNOWN, …_SUPERSEDED, SAME_PERSON … */
  confirm(
    personId: string,
    declarationId: string,
    seenRevision: number,
    proposalId: string,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockForward(tx, moverOf(personId), declarationId);
      const { actsFor: forOrganisation, parked, frozen } = asked;
      const refusal = this.kind.whyNotConfirmed?.(asked.declaration, asked) ?? null;
      if (refusal) throw new DeclarationRefusedError(refusal, { declarationId });
      const proposal = await this.find(tx, declarationId, proposalId);
      const by = { declarationId, personId, forOrganisation, seenRevision, parked, frozen };
      const decided = await this.moves.apply(tx, asked, this.kind.confirm(proposal, by));
      await this.proposals.confirm(tx, proposalId, personId, this.clock.now());
      return decided;
    });
  }

  private async find(tx: Tx, declarationId: string, proposalId: string): Promise<Proposal> {
    const proposal = await this.proposals.find(tx, declarationId, proposalId);
    if (proposal) return proposal;
    throw new DeclarationRefusedError(this.kind.refusals.unknown, {
      declarationId,
      ...this.kind.idOf(proposalId),
    });
  }
}

const isSameRound = (
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): boolean => Object.entries(one).every(([name, value]) => other[name] === value);

const moverOf = (personId: string): Mover => ({ personId, roles: DECIDING_ROLES, at: 'commissioner' });
