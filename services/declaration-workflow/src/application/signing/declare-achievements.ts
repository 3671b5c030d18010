import { BusinessClock } from '@attest/calendar';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { AT_ONCE_MOST } from '../../domain/bulk.js';
import { AllOrNothingRefusedError, AllOrNothingTooLargeError } from '../../domain/core/declaration.errors.js';
import { REFUSALS, wordsOf, type RefusalCode } from '../../domain/core/refusals.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { windowsOf } from '../periods/declaration-windows.js';
import { EachInOne } from '../core/answer-items-at-once.js';
import { FreezeGuard, NOTHING_FROZEN } from '../periods/freeze.ports.js';
import {
  DeclarationStore,
  NOTHING_PARKED,
  ParkedStore,
  type AskedDeclaration,
} from '../core/declaration.ports.js';
import { ReferenceStore } from '../references/reference.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

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
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly eachInOne: EachInOne,
  ) {}

  async one(request: DeclareRequest, item: DeclareItem): Promise<DeclareResult> {
    const [result] = await this.database.transaction((tx) => this.within(tx, request, [item]));
    return result!;
  }

  /** In one transaction, answered in the order of the items. @throws BulkNeedsAJobError */
  each(request: DeclareRequest, items: readonly DeclareItem[]): Promise<DeclareResult[]> {
    return this.eachInOne.answer(items, {
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
    const today = this.clock.today();
    await this.guard.share(
      tx,
      items.map((item) => item.declarationId),
    );
    const asked = await this.store.lockAsked(
      tx,
      items.map((item) => item.declarationId),
      { personId: request.personId, roles: ['DECLARATION_MANAGEMENT'], at: 'provider', today },
    );
    const byDeclaration = new Map(asked.map((one) => [one.declaration.declarationId, one]));
    const batch = new DeclarationBatch(
      asked.map((one) => one.declaration),
      this.clock,
    );
    const parked = asked.some((one) => one.anythingParked) ? await this.parked.load(tx) : NOTHING_PARKED;
    const frozen = asked.some((one) => one.anythingFrozen) ? await this.guard.standing(tx) : NOTHING_FROZEN;
    const windowOf = await windowsOf(tx, this.references, this.clock, asked);
    const refusals = items.map(({ declarationId, revision }) => {
      const one = byDeclaration.get(declarationId);
      const barred = whyNotTheirs(one);
      if (barred !== null || !one?.actsFor) return refused(declarationId, barred ?? 'NOT_YOUR_ORGANISATION');
      const { refusal } = batch.applyTo(
        {
          kind: 'declare',
          declarationId,
          personId: request.personId,
          forOrganisation: one.actsFor,
          actor: one.actsAs,
          seenRevision: revision,
          today,
          window: windowOf(one),
          parked: parked.since(one.declaration) !== null,
          frozen: frozen.of(one.declaration) !== null,
          lateReason: request.lateReason,
          onBehalfReason: request.onBehalfReason,
        },
        null,
      );
      return refusal ? refused(declarationId, refusal) : null;
    });
    await this.writer.run(tx, batch);
    // Told as it stands after the steps that followed by themselves.
    return items.map(({ declarationId }, at) => refusals[at] ?? declared(batch, declarationId));
  }
}

function whyNotTheirs(one: AskedDeclaration | undefined): RefusalCode | null {
  if (!one) return 'UNKNOWN_DECLARATION';
  return one.actsFor === null ? 'NOT_YOUR_ORGANISATION' : null;
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

function declared(batch: DeclarationBatch, declarationId: string): DeclareResult {
  const { revision, declarationVersion, late, status } = batch.one(declarationId)!;
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

const DECLARED: Readonly<Record<string, string>> = {
  AWAITING_COMMISSIONER_APPROVAL: 'Declared; the commissioner approves it next.',
  AWAITING_FINANCE_APPROVAL:
    'Declared; its service needs no approval of the commissioner, finance signs next.',
  FINANCIALLY_APPROVED: 'Declared; its service needs no signature, so the next release run pays it.',
  SETTLED_NIL: 'Declared; its service needs no signature and there is nothing to pay.',
};

const byId = (a: DeclareItem, b: DeclareItem): number => (a.declarationId < b.declarationId ? -1 : 1);
