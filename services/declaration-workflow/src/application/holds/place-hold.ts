import { createHash } from 'node:crypto';
import { BusinessClock, type LondonDate } from '@attest/calendar';
import { achievementKey, uuidV7 } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import { earlierThan } from '../../domain/holds/hold-figures.js';
import { COMMISSIONER_ROLES, MoveDeclaration, type Mover } from '../core/move-declaration.js';
import { OverrideStore, ResultStore } from '../figures/figures.ports.js';
import { ReferenceStore } from '../references/reference.ports.js';

/** What a commissioner decides about one declaration beyond releasing: to hold it, or to keep its earlier figure. */
@Injectable()
export class PlaceHold {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveDeclaration,
    private readonly results: ResultStore,
    private readonly overrides: OverrideStore,
    private readonly references: ReferenceStore,
    private readonly clock: BusinessClock,
  ) {}

  /**
   * Once for one request key, also where the process dies before it has answered.
   * @throws DeclarationRefusedError HOLD_TOO_LATE, HOLD_EXPIRY_PASSED, NOT_YOUR_ORGANISATION
   */
  byHand(
    personId: string,
    declarationId: string,
    requestKey: string,
    reason: string,
    expiresOn: LondonDate | null,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockFor(tx, moverOf(personId), declarationId);
      return this.moves.apply(tx, asked, {
        kind: 'hold-by-hand',
        holdId: holdIdOf(personId, declarationId, requestKey, reason, expiresOn ?? ''),
        declarationId,
        personId,
        forOrganisation: asked.actsFor,
        seenRevision: null,
        reason,
        today: this.clock.today(),
        expiresOn,
      });
    });
  }

  /** @throws DeclarationRefusedError HOLD_NOT_JOINED, NOTHING_TO_KEEP, EARLIER_FIGURE_MISSING, … */
  keepEarlierFigure(
    personId: string,
    declarationId: string,
    seenRevision: number,
    holdId: string,
    confirmed: boolean,
    reason: string,
  ): Promise<Declaration> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockFor(tx, moverOf(personId), declarationId);
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

const moverOf = (personId: string): Mover => ({ personId, roles: COMMISSIONER_ROLES, at: 'commissioner' });

/** Of exactly this request, whoever carries it out and however often: a UUID (version 8) that is derived from it. */
function holdIdOf(...request: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
