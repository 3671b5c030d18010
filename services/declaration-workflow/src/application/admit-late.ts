import { BusinessClock } from '@attest/calendar';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { REFUSALS, wordsOf, type RefusalCode } from '../domain/refusals.js';
import { DeclarationBatch } from './declaration-batch.js';
import { COMMISSIONER_ROLES } from './move-declaration.js';
import { BulkLimits, DeclarationStore, type AskedDeclaration } from './ports.js';
import { WriteDeclarations } from './write-declarations.js';

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
    private readonly limits: BulkLimits,
  ) {}

  /** Answers in the order of the items; each has a result of its own. */
  async each(personId: string, reason: string, items: readonly AdmitItem[]): Promise<AdmitResult[]> {
    // In id order over all chunks, so that two bulks over the same declarations never wait for each other in a circle.
    const distinct = [...new Map(items.map((item) => [item.declarationId, item])).values()].sort((a, b) =>
      a.declarationId < b.declarationId ? -1 : 1,
    );
    const results = new Map<string, AdmitResult>();
    for (let from = 0; from < distinct.length; from += this.limits.chunkSize) {
      const chunk = distinct.slice(from, from + this.limits.chunkSize);
      const done = await this.database.transaction((tx) => this.chunk(tx, personId, reason, chunk));
      for (const result of done) results.set(result.declarationId, result);
    }
    const answered = new Set<string>();
    return items.map(({ declarationId }) => {
      if (answered.has(declarationId)) return refused(declarationId, 'ITEM_REPEATED');
      answered.add(declarationId);
      return results.get(declarationId)!;
    });
  }

  private async chunk(
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
    const results = items.map(({ declarationId, revision }): AdmitResult => {
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
      return refusal ? refused(declarationId, refusal) : admitted(batch, declarationId);
    });
    await this.writer.run(tx, batch);
    return results;
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
