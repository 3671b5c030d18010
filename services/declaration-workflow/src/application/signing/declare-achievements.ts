import { BusinessClock } from '@attest/calendar';
import type { DeclarationStatus } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { AT_ONCE_MOST } from '../../domain/bulk/bulk.js';
import { AllOrNothingRefusedError, AllOrNothingTooLargeError } from '../../domain/core/declaration.errors.js';
import type { Declaration } from '../../domain/core/declaration.js';
import { REFUSALS, wordsOf, type RefusalCode } from '../../domain/core/refusals.js';
import { windowsOf } from '../periods/declaration-windows.js';
import { AnswerItemsAtOnce } from '../core/answer-items-at-once.js';
import { FreezeGuard, NOTHING_FROZEN } from '../periods/freeze.ports.js';
import { DeclarationStore, NOTHING_PARKED, ParkedStore } from '../core/declaration.ports.js';
import { ReferenceStore } from '../references/reference.ports.js';
import { MoveEach } from '../core/move-each.js';

export interface DeclareItem {
  readonly declarationId: string;
  /** The revision that was seen; null where the request does not bind one. */
  readonly revision: number | null;
}

export interface DeclareRequest {
  readonly personId: string;
  readonly lateReason: string | null;
  readonly onBehalfReason: string | null;
}

export interface DeclareResult {
  readonly declarationId: string;
  readonly status: number;
  /** `DECLARED`, or why not. */
  readonly code: 'DECLARED' | RefusalCode;
  readonly words: string;
  readonly revision: number | null;
  readonly declarationVersion: number | null;
  readonly late: boolean;
}

/** Declares a set: each item has a result of its own, or all of them are declared together or none is. */
@Injectable()
export class DeclareAchievements {
  constructor(
    private readonly database: Database,
    private readonly store: DeclarationStore,
    private readonly references: ReferenceStore,
    private readonly parked: ParkedStore,
    private readonly guard: FreezeGuard,
    private readonly moveEach: MoveEach,
    private readonly clock: BusinessClock,
    private readonly atOnce: AnswerItemsAtOnce,
  ) {}

  async one(request: DeclareRequest, item: DeclareItem): Promise<DeclareResult> {
    const [result] = await this.database.transaction((tx) => this.within(tx, request, [item]));
    return result!;
  }

  /** In one transaction, answered in the order of the items. @throws BulkNeedsAJobError */
  each(request: DeclareRequest, items: readonly DeclareItem[]): Promise<DeclareResult[]> {
    return this.atOnce.answer(items, {
      action: 'declare',
      keyOf: ({ declarationId }) => declarationId,
      within: (tx, some) => this.within(tx, request, some),
      lock: async (tx, some) => {
        const ids = some.map((item) => item.declarationId);
        await this.guard.share(tx, ids);
        return this.store.lock(tx, ids);
      },
      refused: ({ declarationId }, code) => refused(declarationId, code),
    });
  }

  /** @throws AllOrNothingTooLargeError, AllOrNothingRefusedError: then nothing was declared */
  async together(request: DeclareRequest, items: readonly DeclareItem[]): Promise<DeclareResult[]> {
    if (items.length > AT_ONCE_MOST) throw new AllOrNothingTooLargeError(items.length, AT_ONCE_MOST);
    return this.database.transaction(async (tx) => {
      const results = await this.within(tx, request, [...items].sort(byId));
      const seen = new Set<string>();
      const failed = items.flatMap(({ declarationId }) => {
        const code = seen.has(declarationId)
          ? 'ITEM_REPEATED'
          : results.find((one) => one.declarationId === declarationId)!.code;
        seen.add(declarationId);
        return code === 'DECLARED' ? [] : [{ code, declarationId }];
      });
      const first = failed[0];
      if (first)
        throw new AllOrNothingRefusedError(first.code, first.declarationId, failed.length, items.length);
      return items.map((item) => results.find((one) => one.declarationId === item.declarationId)!);
    });
  }

  /** In the caller's transaction, answered in the order of the items; give them in id order, each once. */
  async within(tx: Tx, request: DeclareRequest, items: readonly DeclareItem[]): Promise<DeclareResult[]> {
    const { personId, lateReason, onBehalfReason } = request;
    const today = this.clock.today();
    await this.guard.share(
      tx,
      items.map((item) => item.declarationId),
    );
    const mover = { personId, roles: ['DECLARATION_MANAGEMENT'], at: 'provider' } as const;
    return this.moveEach.answer(tx, mover, items, {
      stepsOf: async (asked) => {
        const isParked = asked.some((one) => one.anythingParked);
        const isFrozen = asked.some((one) => one.anythingFrozen);
        const parked = isParked ? await this.parked.load(tx) : NOTHING_PARKED;
        const frozen = isFrozen ? await this.guard.standing(tx) : NOTHING_FROZEN;
        const windowOf = await windowsOf(tx, this.references, this.clock, asked);
        return ({ declarationId, revision }, one) => ({
          kind: 'declare',
          declarationId,
          personId,
          forOrganisation: one.actsFor,
          actor: one.actsAs,
          seenRevision: revision,
          today,
          window: windowOf(one),
          parked: parked.since(one.declaration) !== null,
          frozen: frozen.of(one.declaration) !== null,
          lateReason,
          onBehalfReason,
        });
      },
      refused: ({ declarationId }, code) => refused(declarationId, code),
      done: (_, after) => declared(after),
    });
  }
}

const refused = (declarationId: string, code: RefusalCode): DeclareResult => ({
  declarationId,
  status: REFUSALS[code].status,
  code,
  words: wordsOf(code),
  revision: null,
  declarationVersion: null,
  late: false,
});

function declared({ declarationId, revision, declarationVersion, late, status }: Declaration): DeclareResult {
  return {
    declarationId,
    status: 200,
    code: 'DECLARED',
    words: late
      ? 'Declared after the deadline; it is paid with a later run.'
      : (DECLARED[status] ?? 'Declared.'),
    revision,
    declarationVersion,
    late,
  };
}

const DECLARED: Readonly<Partial<Record<DeclarationStatus, string>>> = {
  AWAITING_COMMISSIONER_APPROVAL: 'Declared; the commissioner approves it next.',
  AWAITING_FINANCE_APPROVAL:
    'Declared; its service needs no approval of the commissioner, finance signs next.',
  FINANCIALLY_APPROVED: 'Declared; its service needs no signature, so the next release run pays it.',
  SETTLED_NIL: 'Declared; its service needs no signature and there is nothing to pay.',
};

const byId = (a: DeclareItem, b: DeclareItem): number => (a.declarationId < b.declarationId ? -1 : 1);
