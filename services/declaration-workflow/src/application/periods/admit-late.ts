import { BusinessClock } from '@attest/calendar';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { REFUSALS, wordsOf, type RefusalCode } from '../../domain/core/refusals.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { EachInOne } from '../core/answer-items-at-once.js';
import { COMMISSIONER_ROLES } from '../core/move-declaration.js';
import { DeclarationStore, type AskedDeclaration } from '../core/declaration.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

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
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly eachInOne: EachInOne,
  ) {}

  async one(personId: string, reason: string, item: AdmitItem): Promise<AdmitResult> {
    const [result] = await this.database.transaction((tx) => this.within(tx, personId, reason, [item]));
    return result!;
  }

  /** In one transaction, answered in the order of the items. @throws BulkNeedsAJobError */
  each(personId: string, reason: string, items: readonly AdmitItem[]): Promise<AdmitResult[]> {
    return this.eachInOne.answer(items, {
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
  async within(
    tx: Tx,
    personId: string,
    reason: string,
    items: readonly AdmitItem[],
  ): Promise<AdmitResult[]> {
    const asked = await this.store.lockAsked(
      tx,
      items.map((item) => item.declarationId),
      { personId, roles: COMMISSIONER_ROLES, at: 'commissioner', today: this.clock.today() },
    );
    const byDeclaration = new Map<string, AskedDeclaration>(
      asked.map((one) => [one.declaration.declarationId, one]),
    );
    const batch = new DeclarationBatch(
      asked.map((one) => one.declaration),
      this.clock,
    );
    const refusals = items.map(({ declarationId, revision }) => {
      const one = byDeclaration.get(declarationId);
      if (!one) return refused(declarationId, 'UNKNOWN_DECLARATION');
      if (one.actsFor === null) return refused(declarationId, 'NOT_YOUR_ORGANISATION');
      const { refusal } = batch.applyTo(
        {
          kind: 'admit-late',
          declarationId,
          personId,
          forOrganisation: one.actsFor,
          seenRevision: revision,
          reason,
          own: one.calendar,
        },
        null,
      );
      return refusal ? refused(declarationId, refusal) : null;
    });
    await this.writer.run(tx, batch);
    // Told as it stands after the steps that followed by themselves.
    return items.map(({ declarationId }, at) => refusals[at] ?? admitted(batch, declarationId));
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

function admitted(batch: DeclarationBatch, declarationId: string): AdmitResult {
  const { revision, paymentPeriod } = batch.one(declarationId)!;
  return {
    declarationId,
    status: 200,
    code: 'ADMITTED',
    words: `Admitted; it is paid with the run of payment period ${paymentPeriod} once it is approved.`,
    revision,
    paymentPeriod,
  };
}
