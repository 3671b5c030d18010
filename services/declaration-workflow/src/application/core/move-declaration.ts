import { Access } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { COMMISSIONER_ROLES, type Role } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationRefusedError } from '../../domain/core/declaration.errors.js';
import type { Declaration } from '../../domain/core/declaration.js';
import type { Surroundings } from '../../domain/core/obstacles.js';
import type { StimulusOf } from '../../domain/core/stimulus.js';
import { DeclarationBatch } from './declaration-batch.js';
import { FreezeGuard } from '../periods/freeze.ports.js';
import { DeclarationStore, Locks, ParkedStore, type AskedDeclaration } from './declaration.ports.js';
import { seenOf } from './seen-declarations.js';
import { WriteDeclarations } from './write-declarations.js';

export type Move = StimulusOf<
  | 'undeclare'
  | 'lapse'
  | 'release-hold'
  | 'hold-by-hand'
  | 'keep-earlier-figure'
  | 'correct'
  | 'proposal'
  | 'settle-outside'
>;

export interface Mover {
  readonly personId: string;
  readonly roles: readonly Role[];
  readonly at: 'provider' | 'commissioner';
}

export interface Locked extends AskedDeclaration {
  readonly actsFor: string;
  readonly family: readonly Declaration[];
}

/** One step of one declaration by a person who may take it, or an error that says why not. */
@Injectable()
export class MoveDeclaration {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly store: DeclarationStore,
    private readonly locks: Locks,
    private readonly parked: ParkedStore,
    private readonly guard: FreezeGuard,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws DeclarationRefusedError */
  undeclare(
    personId: string,
    declarationId: string,
    seenRevision: number,
    reason: string | null,
  ): Promise<Declaration> {
    return this.move(
      { personId, roles: ['DECLARATION_MANAGEMENT'], at: 'provider' },
      declarationId,
      (by, { actsAs }) => ({ ...by, kind: 'undeclare', actor: actsAs, seenRevision, reason }),
    );
  }

  /** @throws DeclarationRefusedError */
  lapse(personId: string, declarationId: string, seenRevision: number, reason: string): Promise<Declaration> {
    return this.move({ personId, roles: COMMISSIONER_ROLES, at: 'commissioner' }, declarationId, (by) => ({
      ...by,
      kind: 'lapse',
      seenRevision,
      reason,
    }));
  }

  private move(
    mover: Mover,
    declarationId: string,
    stimulus: (
      by: { declarationId: string; personId: string; forOrganisation: string },
      asked: AskedDeclaration,
    ) => Move,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.lockFor(tx, mover, declarationId);
      const by = { declarationId, personId: mover.personId, forOrganisation: asked.actsFor };
      return this.apply(tx, asked, stimulus(by, asked));
    });
  }

  /**
   * With all declarations of its achievement: what one of them owes depends on what the others stand for.
   * @throws DeclarationRefusedError UNKNOWN_DECLARATION, also where it is of none of the mover's organisations;
   * NOT_YOUR_ORGANISATION where it is, and they hold another role there
   */
  async lockFor(tx: Tx, mover: Mover, declarationId: string): Promise<Locked> {
    // A lapse may open an adjustment: no membership change may look for it meanwhile and find nothing.
    await this.locks.forOpening(tx, { declarations: [declarationId] });
    const family = await this.store.lockFamilies(tx, [declarationId]);
    const [asked] = await this.store.lockAsked(tx, [declarationId], { ...mover, today: this.clock.today() });
    if (!asked) throw new DeclarationRefusedError('UNKNOWN_DECLARATION', { declarationId });
    const { actsFor } = asked;
    if (actsFor === null) {
      if (!(await seenOf(this.access, tx, mover, [asked])).has(declarationId))
        throw new DeclarationRefusedError('UNKNOWN_DECLARATION', { declarationId });
      throw new DeclarationRefusedError('NOT_YOUR_ORGANISATION', {
        declarationId,
        roles: mover.roles.join(','),
      });
    }
    return { ...asked, actsFor, family };
  }

  /** As `lockFor`, for a step towards payment: no freeze begins until it is taken or refused. */
  async lockForward(tx: Tx, mover: Mover, declarationId: string): Promise<Locked & Surroundings> {
    // In the order of everybody who takes both, or two of them would wait for each other.
    await this.locks.forOpening(tx, { declarations: [declarationId] });
    await this.guard.share(tx, [declarationId]);
    const asked = await this.lockFor(tx, mover, declarationId);
    const { anythingParked, anythingFrozen, declaration } = asked;
    return {
      ...asked,
      parked: anythingParked && (await this.parked.load(tx)).since(declaration) !== null,
      frozen: anythingFrozen && (await this.guard.standing(tx)).of(declaration) !== null,
    };
  }

  /** @throws DeclarationRefusedError */
  async apply(tx: Tx, { declaration, family }: Locked, stimulus: Move): Promise<Declaration> {
    const batch = await DeclarationBatch.of(tx, family, this.clock);
    const { refusal } = batch.applyTo(stimulus, null);
    if (refusal)
      throw new DeclarationRefusedError(refusal, {
        declarationId: declaration.declarationId,
        status: declaration.status,
        revision: declaration.revision,
      });
    await this.writer.run(tx, batch);
    return batch.one(declaration.declarationId)!;
  }
}
