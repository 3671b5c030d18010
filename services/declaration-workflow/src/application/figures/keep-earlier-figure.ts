import { achievementKey, COMMISSIONER_ROLES, uuidV7 } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import { earlierThan } from '../../domain/holds/hold-figures.js';
import { MoveDeclaration } from '../core/move-declaration.js';
import { ReferenceStore } from '../references/reference.ports.js';
import { OverrideStore, ResultStore } from './figures.ports.js';

/** A practice joined, and its commissioner signs that the figure from before is paid. */
@Injectable()
export class KeepEarlierFigure {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveDeclaration,
    private readonly results: ResultStore,
    private readonly overrides: OverrideStore,
    private readonly references: ReferenceStore,
  ) {}

  /** @throws DeclarationRefusedError HOLD_NOT_JOINED, NOTHING_TO_KEEP, EARLIER_FIGURE_MISSING, … */
  keep(
    personId: string,
    declarationId: string,
    seenRevision: number,
    holdId: string,
    confirmed: boolean,
    reason: string,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const mover = { personId, roles: COMMISSIONER_ROLES, at: 'commissioner' } as const;
      const asked = await this.moves.lockFor(tx, mover, declarationId);
      const { declaration } = asked;
      const hold = declaration.holds.find((one) => one.holdId === holdId);
      const { pcnCode = null, membershipVersion = null } = hold ?? {};
      const earlier =
        pcnCode === null || membershipVersion === null
          ? undefined
          : earlierThan(await this.results.of(tx, declaration), pcnCode, membershipVersion);
      const place = (await this.references.places(tx, [declaration])).get(achievementKey(declaration));
      const kept = await this.moves.apply(tx, asked, {
        kind: 'keep-earlier-figure',
        declarationId,
        personId,
        forOrganisation: asked.actsFor,
        seenRevision,
        holdId,
        confirmed,
        reason,
        earlier: earlier ?? null,
        memberships: place?.memberships ?? [],
      });
      await this.overrides.add(tx, {
        overrideId: uuidV7(),
        declarationId,
        declarationVersion: kept.declarationVersion,
        holdId,
        pcnCode: pcnCode!,
        membershipVersion: membershipVersion!,
        override: kept.override!,
      });
      return kept;
    });
  }
}
