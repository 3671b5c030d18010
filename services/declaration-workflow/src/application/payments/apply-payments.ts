import { BusinessClock } from '@attest/calendar';
import { Barriers, forgottenAmong } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { UnknownDeclarationError } from '../../domain/core/declaration.errors.js';
import type { StimulusOf } from '../../domain/core/stimulus.js';
import { missedFacts, type RestatedPayments } from '../../domain/payments/missed-facts.js';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { lateCutOffs } from '../periods/declaration-windows.js';
import { FreezeGuard } from '../periods/freeze.ports.js';
import { PolicyStore } from '../signing/policy.ports.js';
import { askedBy, DeclarationStore, Locks, ParkedStore, type AskedByRun } from '../core/declaration.ports.js';
import { ReferenceStore } from '../references/reference.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

const NONE: ReadonlySet<string> = new Set();

type Told = 'sealed' | 'netted' | 'not-included' | 'acknowledged' | 'rejected' | 'returned';

export type ArrivedPayment =
  | (Omit<
      StimulusOf<'release-requested'>,
      'barrierPassed' | 'parked' | 'frozen' | 'answered' | 'payableFrom'
    > & {
      readonly barrierId: string;
      readonly eventId: string;
    })
  | (StimulusOf<Told> & { readonly eventId: string })
  | (RestatedPayments & { readonly kind: 'restated'; readonly eventId: string });

/** Confirms or refuses what a run asks for, and follows what became of each line (rules 2 and 4). */
@Injectable()
export class ApplyPayments {
  constructor(
    private readonly store: DeclarationStore,
    private readonly parked: ParkedStore,
    private readonly guard: FreezeGuard,
    private readonly references: ReferenceStore,
    private readonly policies: PolicyStore,
    private readonly barriers: Barriers,
    private readonly locks: Locks,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws UnknownDeclarationError, PaymentFactDoesNotFitError: the event is kept and waits for somebody to look */
  async run(tx: Tx, payments: readonly ArrivedPayment[]): Promise<void> {
    // A seal may open an adjustment, which a membership change must not miss.
    const ids = [...new Set(payments.map((payment) => payment.declarationId))];
    if (payments.some((payment) => payment.kind !== 'release-requested'))
      await this.locks.forOpening(tx, { declarations: ids });
    await this.guard.share(tx, requested(payments));
    const batch = await DeclarationBatch.of(tx, await this.store.lockFamilies(tx, ids), this.clock);
    const passed = await this.passedBarriers(tx, payments);
    const parked = await this.parked.load(tx);
    const frozen = await this.guard.standing(tx);
    const answered = new Set(await this.store.answeredRuns(tx, repeated(payments, batch)));
    // Told as ended since: what was paid for it stands in the ledger of payments.
    const unknown = ids.filter((id) => !batch.one(id));
    const forgotten = unknown.length > 0 ? await forgottenAmong(tx, 'declarations', unknown) : NONE;
    const payableFrom = await lateCutOffs(tx, this.references, this.policies, batch.all());
    for (const { eventId, ...payment } of payments) {
      const d = batch.one(payment.declarationId);
      // Nobody here can answer for what is not known; a run that asked ends it at its time limit.
      if (!d && 'discarded' in payment) continue;
      if (payment.kind === 'restated') {
        // Told to whoever was away: one that is not known here is none of this database's.
        for (const missed of d ? missedFacts(d, payment) : []) batch.applyTo(missed, eventId);
        continue;
      }
      if (!d && forgotten.has(payment.declarationId)) continue;
      if (!d) throw new UnknownDeclarationError(payment.declarationId);
      if (payment.kind !== 'release-requested') {
        batch.applyTo(payment, eventId);
        continue;
      }
      const { barrierId, ...request } = payment;
      batch.applyTo(
        {
          ...request,
          barrierPassed: passed.has(barrierId),
          parked: parked.since(d) !== null,
          frozen: frozen.of(d) !== null,
          answered: answered.has(askedBy(request)),
          payableFrom: payableFrom(d),
        },
        eventId,
      );
      answered.add(askedBy(request));
    }
    await this.writer.run(tx, batch);
  }

  private async passedBarriers(tx: Tx, payments: readonly ArrivedPayment[]): Promise<Set<string>> {
    const asked = new Set(
      payments.flatMap((payment) => (payment.kind === 'release-requested' ? [payment.barrierId] : [])),
    );
    const passed = new Set<string>();
    for (const barrierId of asked) if (await this.barriers.hasPassed(tx, barrierId)) passed.add(barrierId);
    return passed;
  }
}

/** What a run asks for is a forward step; what became of a line is a fact, which no freeze changes. */
const requested = (payments: readonly ArrivedPayment[]): string[] =>
  payments.flatMap((payment) => (payment.kind === 'release-requested' ? [payment.declarationId] : []));

/** Hardly ever any: only they are looked up in the history. */
const repeated = (payments: readonly ArrivedPayment[], batch: DeclarationBatch): AskedByRun[] =>
  payments.flatMap((payment) =>
    payment.kind === 'release-requested' &&
    payment.paymentVersion <= (batch.one(payment.declarationId)?.paymentVersion ?? 0)
      ? [payment]
      : [],
  );
