import { BusinessClock } from '@attest/calendar';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../domain/declaration.js';
import { figuresOf, type HoldFigures } from '../domain/hold-figures.js';
import { REFUSALS, wordsOf, type RefusalCode } from '../domain/refusals.js';
import { DeclarationBatch } from './declaration-batch.js';
import { COMMISSIONER_ROLES, MoveDeclaration } from './move-declaration.js';
import { BulkLimits, DeclarationStore, ResultStore } from './ports.js';
import { WriteDeclarations } from './write-declarations.js';

export interface ReleaseItem {
  readonly declarationId: string;
  readonly holdId: string;
  /** The declaration's revision whose figures were compared; null where the request does not bind one. */
  readonly revision: number | null;
}

export interface ReleaseRequest {
  readonly personId: string;
  readonly confirmed: boolean;
  readonly reason: string | null;
}

export interface ReleaseResult extends Pick<ReleaseItem, 'declarationId' | 'holdId'> {
  readonly status: number;
  /** `RELEASED`, or why not. */
  readonly code: 'RELEASED' | RefusalCode;
  readonly words: string;
  readonly revision: number | null;
}

/** A commissioner confirms figures on hold: one hold with both figures in the answer, or a set with a result for each. */
@Injectable()
export class ReleaseHolds {
  constructor(
    private readonly database: Database,
    private readonly store: DeclarationStore,
    private readonly moves: MoveDeclaration,
    private readonly results: ResultStore,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly limits: BulkLimits,
  ) {}

  /** @throws DeclarationRefusedError HOLD_UNKNOWN, HOLD_CONFIRMATION_MISSING, HOLD_AWAITS_REAGGREGATION, … */
  one(
    { personId, confirmed, reason }: ReleaseRequest,
    { declarationId, holdId, revision }: ReleaseItem,
  ): Promise<{ declaration: Declaration; figures: HoldFigures }> {
    return this.database.transaction(async (tx) => {
      const mover = { personId, roles: COMMISSIONER_ROLES, at: 'commissioner' } as const;
      const asked = await this.moves.lockFor(tx, mover, declarationId);
      const before = asked.declaration;
      const hold = [...before.holds, ...before.pendingHolds].find((one) => one.holdId === holdId);
      const declaration = await this.moves.apply(tx, asked, {
        kind: 'release-hold',
        declarationId,
        personId,
        forOrganisation: asked.actsFor,
        seenRevision: revision,
        holdId,
        confirmed,
        reason,
      });
      return { declaration, figures: figuresOf(before, hold!, await this.results.of(tx, before)) };
    });
  }

  /** Answers in the order of the items. */
  async each(request: ReleaseRequest, items: readonly ReleaseItem[]): Promise<ReleaseResult[]> {
    // In id order over all chunks, so that two bulks over the same declarations never wait for each other in a circle.
    const distinct = [...new Map(items.map((item) => [keyOf(item), item])).values()].sort((a, b) =>
      keyOf(a) < keyOf(b) ? -1 : 1,
    );
    const results = new Map<string, ReleaseResult>();
    // Several holds of one declaration: the revision that counts is the one from before this request.
    const before = new Map<string, number>();
    for (let from = 0; from < distinct.length; from += this.limits.chunkSize) {
      const chunk = distinct.slice(from, from + this.limits.chunkSize);
      const done = await this.database.transaction((tx) => this.chunk(tx, request, chunk, before));
      for (const result of done) results.set(keyOf(result), result);
    }
    const answered = new Set<string>();
    return items.map((item) => {
      const key = keyOf(item);
      if (answered.has(key)) return refused(item, 'ITEM_REPEATED');
      answered.add(key);
      return results.get(key)!;
    });
  }

  private async chunk(
    tx: Tx,
    { personId, confirmed, reason }: ReleaseRequest,
    items: readonly ReleaseItem[],
    before: Map<string, number>,
  ): Promise<ReleaseResult[]> {
    const asked = await this.store.lockAsked(tx, [...new Set(items.map((item) => item.declarationId))], {
      personId,
      roles: COMMISSIONER_ROLES,
      at: 'commissioner',
      today: this.clock.today(),
    });
    const byDeclaration = new Map(asked.map((one) => [one.declaration.declarationId, one]));
    const batch = new DeclarationBatch(
      asked.map((one) => one.declaration),
      this.clock,
    );
    const results = items.map((item): ReleaseResult => {
      const { declarationId, holdId } = item;
      const key = { declarationId, holdId };
      const one = byDeclaration.get(declarationId);
      if (!one) return refused(item, 'UNKNOWN_DECLARATION');
      if (one.actsFor === null) return refused(item, 'NOT_YOUR_ORGANISATION');
      if (!before.has(declarationId)) before.set(declarationId, one.declaration.revision);
      if (item.revision !== null && item.revision !== before.get(declarationId))
        return refused(item, 'STALE_VERSION');
      const { refusal } = batch.applyTo(
        {
          kind: 'release-hold',
          declarationId,
          personId,
          forOrganisation: one.actsFor,
          seenRevision: null,
          holdId,
          confirmed,
          reason,
        },
        null,
      );
      if (refusal) return refused(item, refusal);
      const { revision, holds } = batch.one(declarationId)!;
      const words =
        holds.length > 0
          ? `Released; ${holds.length} more stand on this declaration.`
          : 'Released; the declaration goes on where it stands.';
      return { ...key, status: 200, code: 'RELEASED', words, revision };
    });
    await this.writer.run(tx, batch);
    return results;
  }
}

const keyOf = ({ declarationId, holdId }: ReleaseItem): string => `${declarationId} ${holdId}`;

const refused = ({ declarationId, holdId }: ReleaseItem, code: RefusalCode): ReleaseResult => ({
  declarationId,
  holdId,
  status: REFUSALS[code].status,
  code,
  words: wordsOf(code),
  revision: null,
});
