import type { Caller } from '@attest/auth';
import type { Hold } from '@attest/contracts';
import { Database } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { figuresOf, type HoldFigures } from '../../domain/holds/hold-figures.js';
import { awaitsFigures } from '../../domain/holds/release-hold.js';
import { nextOnHold } from '../../domain/why/why-held.js';
import { LookAtDeclaration } from '../looking/look-at-declaration.js';
import { ResultStore } from '../figures/figures.ports.js';

export interface ShownHold extends HoldFigures {
  readonly hold: Hold;
  /** Takes effect if the run that is sending it ends without it. */
  readonly pending: boolean;
  /** Figures made with its membership change have to arrive before it can be released. */
  readonly awaitsFigures: boolean;
  readonly unblockedBy: string;
}

/** The holds of a declaration with what people compare before they release one. */
@Injectable()
export class LookAtHolds {
  constructor(
    private readonly look: LookAtDeclaration,
    private readonly results: ResultStore,
    private readonly database: Database,
  ) {}

  /** @throws DeclarationRefusedError UNKNOWN_DECLARATION, also where it is of none of the caller's organisations */
  async of(
    caller: Caller,
    declarationId: string,
  ): Promise<{ readonly revision: number; readonly holds: ShownHold[] }> {
    const { declaration: d } = await this.look.one(caller, declarationId);
    const results = await this.results.of(this.database, d);
    const shown = (pending: boolean) => (hold: Hold) => ({
      hold,
      pending,
      awaitsFigures: awaitsFigures(d, hold),
      unblockedBy: nextOnHold(d, hold).unblockedBy,
      ...figuresOf(d, hold, results),
    });
    return {
      revision: d.revision,
      holds: [...d.holds.map(shown(false)), ...d.pendingHolds.map(shown(true))],
    };
  }
}
