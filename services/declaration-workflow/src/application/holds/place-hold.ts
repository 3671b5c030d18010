import { COMMISSIONER_ROLES } from '@attest/contracts';
import { createHash } from 'node:crypto';
import { BusinessClock, type LondonDate } from '@attest/calendar';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import { MoveDeclaration, type Mover } from '../core/move-declaration.js';

/** A commissioner stops one declaration by hand. */
@Injectable()
export class PlaceHold {
  constructor(
    private readonly database: Database,
    private readonly moves: MoveDeclaration,
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
}

const moverOf = (personId: string): Mover => ({ personId, roles: COMMISSIONER_ROLES, at: 'commissioner' });

/** Of exactly this request, whoever carries it out and however often: a UUID (version 8) that is derived from it. */
function holdIdOf(...request: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}
