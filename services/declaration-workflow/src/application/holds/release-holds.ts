import { COMMISSIONER_ROLES } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { isStale, type Declaration } from '../../domain/core/declaration.js';
import { figuresOf, type HoldFigures } from '../../domain/holds/hold-figures.js';
import { REFUSALS, wordsOf, type RefusalCode } from '../../domain/core/refusals.js';
import { AnswerItemsAtOnce } from '../core/answer-items-at-once.js';
import { MoveDeclaration, type Mover } from '../core/move-declaration.js';
import { DeclarationStore, type AskedDeclaration } from '../core/declaration.ports.js';
import { ResultStore } from '../figures/figures.ports.js';
import { MoveEach } from '../core/move-each.js';

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
    private readonly moveEach: MoveEach,
    private readonly atOnce: AnswerItemsAtOnce,
  ) {}

  /** @throws DeclarationRefusedError HOLD_UNKNOWN, HOLD_CONFIRMATION_MISSING, HOLD_AWAITS_REAGGREGATION, … */
  one(
    { personId, confirmed, reason }: ReleaseRequest,
    { declarationId, holdId, revision }: ReleaseItem,
  ): Promise<{ declaration: Declaration; figures: HoldFigures }> {
    return this.database.transaction(async (tx) => {
      const asked = await this.moves.lockFor(tx, moverOf(personId), declarationId);
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
    return this.atOnce.answer(items, {
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
  within(
    tx: Tx,
    { personId, confirmed, reason }: ReleaseRequest,
    items: readonly ReleaseItem[],
    seenBefore: SeenBefore = NOTHING_BEFORE,
  ): Promise<ReleaseResult[]> {
    return this.moveEach.answer(tx, moverOf(personId), items, {
      stepsOf: async (asked) => {
        const isOvertaken = await this.overtaken(tx, items, asked, seenBefore);
        return (item, { actsFor }) =>
          isOvertaken(item)
            ? 'STALE_VERSION'
            : {
                kind: 'release-hold',
                declarationId: item.declarationId,
                personId,
                forOrganisation: actsFor,
                seenRevision: null,
                holdId: item.holdId,
                confirmed,
                reason,
              };
      },
      refused,
      done: released,
    });
  }

  /** Whether what was compared for an item is no longer what stands there. */
  private async overtaken(
    tx: Tx,
    items: readonly ReleaseItem[],
    asked: readonly AskedDeclaration[],
    seenBefore: SeenBefore,
  ): Promise<(item: ReleaseItem) => boolean> {
    const declarations = new Map(asked.map(({ declaration: d }) => [d.declarationId, d]));
    const isOther = ({ declarationId, revision }: ReleaseItem): boolean => {
      const d = declarations.get(declarationId);
      return d !== undefined && isStale(d, revision);
    };
    const moved = items.filter(isOther);
    const before = moved.length === 0 ? new Map<string, number>() : await seenBefore(tx, idsOf(moved));
    return (item) => isOther(item) && before.get(item.declarationId) !== item.revision;
  }
}

const moverOf = (personId: string): Mover => ({ personId, roles: COMMISSIONER_ROLES, at: 'commissioner' });

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

function released({ declarationId, holdId }: ReleaseItem, { revision, holds }: Declaration): ReleaseResult {
  const words =
    holds.length > 0
      ? `Released; ${holds.length} more stand on this declaration.`
      : 'Released; the declaration goes on where it stands.';
  return { declarationId, holdId, status: 200, code: 'RELEASED', words, revision };
}
