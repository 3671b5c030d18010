import { COMMISSIONER_ROLES } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Declaration } from '../../domain/core/declaration.js';
import { REFUSALS, wordsOf, type RefusalCode } from '../../domain/core/refusals.js';
import { AnswerItemsAtOnce } from '../core/answer-items-at-once.js';
import { DeclarationStore } from '../core/declaration.ports.js';
import { MoveEach } from '../core/move-each.js';

export interface AdmitItem {
  readonly declarationId: string;
  /** The revision that was seen; null where the request does not bind one. */
  readonly revision: number | null;
}

export interface AdmitResult {
  readonly declarationId: string;
  readonly status: number;
  /** `ADMITTED`, or why not. */
  readonly code: 'ADMITTED' | RefusalCode;
  readonly words: string;
  readonly revision: number | null;
  readonly paymentPeriod: string | null;
}

/** A commissioner takes declarations out of the late queue: they go with the run of their own payment period (rule 6). */
@Injectable()
export class AdmitLate {
  constructor(
    private readonly database: Database,
    private readonly store: DeclarationStore,
    private readonly moveEach: MoveEach,
    private readonly atOnce: AnswerItemsAtOnce,
  ) {}

  async one(personId: string, reason: string, item: AdmitItem): Promise<AdmitResult> {
    const [result] = await this.database.transaction((tx) => this.within(tx, personId, reason, [item]));
    return result!;
  }

  /** In one transaction, answered in the order of the items. @throws BulkNeedsAJobError */
  each(personId: string, reason: string, items: readonly AdmitItem[]): Promise<AdmitResult[]> {
    return this.atOnce.answer(items, {
      action: 'admit-late',
      keyOf: ({ declarationId }) => declarationId,
      within: (tx, some) => this.within(tx, personId, reason, some),
      lock: (tx, some) =>
        this.store.lock(
          tx,
          some.map((item) => item.declarationId),
        ),
      refused: ({ declarationId }, code) => refused(declarationId, code),
    });
  }

  /** In the caller's transaction, answered in the order of the items; give them in id order, each once. */
  within(tx: Tx, personId: string, reason: string, items: readonly AdmitItem[]): Promise<AdmitResult[]> {
    const mover = { personId, roles: COMMISSIONER_ROLES, at: 'commissioner' } as const;
    return this.moveEach.answer(tx, mover, items, {
      stepsOf: () =>
        Promise.resolve(({ declarationId, revision }, { actsFor, calendar }) => ({
          kind: 'admit-late',
          declarationId,
          personId,
          forOrganisation: actsFor,
          seenRevision: revision,
          reason,
          own: calendar,
        })),
      refused: ({ declarationId }, code) => refused(declarationId, code),
      done: (_, after) => admitted(after),
    });
  }
}

const refused = (declarationId: string, code: RefusalCode): AdmitResult => ({
  declarationId,
  status: REFUSALS[code].status,
  code,
  words: wordsOf(code),
  revision: null,
  paymentPeriod: null,
});

function admitted({ declarationId, revision, paymentPeriod }: Declaration): AdmitResult {
  return {
    declarationId,
    status: 200,
    code: 'ADMITTED',
    words: `Admitted; it is paid with the run of payment period ${paymentPeriod} once it is approved.`,
    revision,
    paymentPeriod,
  };
}
