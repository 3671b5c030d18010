import { BusinessClock } from '@attest/calendar';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import { figuresOf, type HoldFigures } from '../../domain/holds/hold-figures.js';
import { REFUSALS, wordsOf, type RefusalCode } from '../../domain/core/refusals.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { EachInOne } from '../core/answer-items-at-once.js';
import { COMMISSIONER_ROLES, MoveDeclaration } from '../core/move-declaration.js';
import { DeclarationStore } from '../core/declaration.ports.js';
import { ResultStore } from '../figures/figures.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

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

/**
 * By declaration, the revision from before the same bulk released something of it, where nothing else has moved it
 * since: what was compared then stays compared.
 */
export type SeenBefore = (tx: Tx, declarationIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;

const NOTHING_BEFORE: SeenBefore = () => Promise.resolve(new Map());

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
    private readonly eachInOne: EachInOne,
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

  /** In one transaction, answered in the order of the items. @throws BulkNeedsAJobError */
  each(request: ReleaseRequest, items: readonly ReleaseItem[]): Promise<ReleaseResult[]> {
    return this.eachInOne.answer(items, {
      action: 'release-holds',
      keyOf,
      within: (tx, some, locked) =>
        this.within(tx, request, some, () =>
          Promise.resolve(new Map(locked?.map((d) => [d.declarationId, d.revision]))),
        ),
      lock: (tx, some) => this.store.lock(tx, idsOf(some)),
      refused,
    });
  }

  /**
   * In the caller's transaction, answered in the order of the items; give them in id order, each once. Several holds of
   * one declaration are bound to the revision from before the first of their releases.
   */
  async within(
    tx: Tx,
    { personId, confirmed, reason }: ReleaseRequest,
    items: readonly ReleaseItem[],
    seenBefore: SeenBefore = NOTHING_BEFORE,
  ): Promise<ReleaseResult[]> {
    const asked = await this.store.lockAsked(tx, idsOf(items), {
      personId,
      roles: COMMISSIONER_ROLES,
      at: 'commissioner',
      today: this.clock.today(),
    });
    const byDeclaration = new Map(asked.map((one) => [one.declaration.declarationId, one]));
    const moved = items.filter((item) => isOther(item, byDeclaration.get(item.declarationId)?.declaration));
    const before = moved.length === 0 ? new Map<string, number>() : await seenBefore(tx, idsOf(moved));
    const isStale = (item: ReleaseItem, d: Declaration): boolean =>
      isOther(item, d) && before.get(d.declarationId) !== item.revision;
    const batch = new DeclarationBatch(
      asked.map((one) => one.declaration),
      this.clock,
    );
    const refusals = items.map((item) => {
      const { declarationId, holdId } = item;
      const one = byDeclaration.get(declarationId);
      if (!one) return refused(item, 'UNKNOWN_DECLARATION');
      if (one.actsFor === null) return refused(item, 'NOT_YOUR_ORGANISATION');
      if (isStale(item, one.declaration)) return refused(item, 'STALE_VERSION');
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
      return refusal ? refused(item, refusal) : null;
    });
    await this.writer.run(tx, batch);
    // Told as it stands after the steps that followed by themselves.
    return items.map((item, at) => refusals[at] ?? released(batch, item));
  }
}

const isOther = ({ revision }: ReleaseItem, d: Declaration | undefined): boolean =>
  revision !== null && d !== undefined && revision !== d.revision;

const idsOf = (items: readonly ReleaseItem[]): string[] => [
  ...new Set(items.map((item) => item.declarationId)),
];

const keyOf = ({ declarationId, holdId }: ReleaseItem): string => `${declarationId} ${holdId}`;

const refused = ({ declarationId, holdId }: ReleaseItem, code: RefusalCode): ReleaseResult => ({
  declarationId,
  holdId,
  status: REFUSALS[code].status,
  code,
  words: wordsOf(code),
  revision: null,
});

function released(batch: DeclarationBatch, { declarationId, holdId }: ReleaseItem): ReleaseResult {
  const { revision, holds } = batch.one(declarationId)!;
  const words =
    holds.length > 0
      ? `Released; ${holds.length} more stand on this declaration.`
      : 'Released; the declaration goes on where it stands.';
  return { declarationId, holdId, status: 200, code: 'RELEASED', words, revision };
}
