import {
  newEvent,
  PaymentAcknowledgedV1,
  PaymentNotIncludedV1,
  PaymentRejectedV1,
  PaymentReleaseRequestedV1,
  PaymentReturnedV1,
  PaymentSealedV1,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import fc from 'fast-check';
import { command } from '../command.js';
import type { RealAchievement } from '../real-achievement.js';
import type { ReferenceModel } from '../reference-model.js';

const instruction = (model: ReferenceModel, real: RealAchievement, runId: string) => ({
  declarationId: real.main!.declaration_id,
  declarationVersion: model.main!.version,
  attempt: model.main!.attempt,
  runId,
  paymentVersion: ++model.paymentVersion,
});

/** A run asks for it; everything that forbids payment is looked at once more. */
export const releaseRequest = command({
  name: 'release-request',
  weight: 4,
  args: fc.record({
    superseded: fc.constantFrom(false, false, false, false, true),
    barrier: fc.constantFrom(true, true, true, true, false),
  }),
  async run(model, real, { superseded, barrier }) {
    const d = model.main!;
    const runId = uuidV7();
    const asked = instruction(model, real, runId);
    const event = newEvent(PaymentReleaseRequestedV1, {
      ...asked,
      declarationVersion: asked.declarationVersion + (superseded ? 1 : 0),
      barrierId: barrier ? real.system.passedBarrier : uuidV7(),
      pence: d.pence.toString(),
      paymentPeriod: '2026-08',
    } as never) as NewEvent;
    const expected = superseded
      ? 'VERSION_SUPERSEDED'
      : d.status === 'RELEASING'
        ? 'ALREADY_RELEASING'
        : d.status !== 'FINANCIALLY_APPROVED'
          ? 'NOT_APPROVED'
          : !barrier
            ? 'BARRIER_NOT_PASSED'
            : (model.obstacle() ??
              (d.late !== null && model.service.cutOffOf(d.late) > new Date()
                ? 'LATE_FOR_THIS_CUT_OFF'
                : null));
    if (expected === null) {
      d.status = 'RELEASING';
      d.run = runId;
    }
    const before = real.told;
    const thrown = await real.hear('payments', event, () => undefined);
    const answer = real
      .toldSince(before)
      .find((one) => one.definition.type === 'declaration.confirm-refused.v1')?.data as
      { fact: { code: string } } | undefined;
    const met = expected === null && d.late !== null ? ['confirmed late'] : [];
    return { expected, given: thrown ?? answer?.fact.code ?? null, met };
  },
});

const MISFIT = 'PAYMENT_FACT_DOES_NOT_FIT';

/** A line of a run, whatever state it is in. */
const fact = (
  name: string,
  weight: number,
  more: object,
  definition: Parameters<typeof newEvent>[0],
  take: (model: ReferenceModel, isItsRun: boolean) => string | null,
) =>
  command({
    name,
    weight,
    args: fc.record({ ofItsRun: fc.constantFrom(true, true, true, true, false) }),
    async run(model, real, { ofItsRun }) {
      const d = model.main!;
      const isItsRun = ofItsRun && d.run !== null;
      const line = instruction(model, real, isItsRun ? d.run! : uuidV7());
      const event = newEvent(definition, {
        ...line,
        pence: d.pence.toString(),
        fileName: 'ATTEST-XPAY-2026-08.csv',
        lineNumber: 1,
        ...more,
      } as never) as NewEvent;
      const expected = take(model, isItsRun);
      return { expected, given: await real.hear('payments', event, () => undefined) };
    },
  });

export const sealed = fact('sealed', 3, {}, PaymentSealedV1, (model, isItsRun) => {
  const d = model.main!;
  if (d.status !== 'RELEASING' || !isItsRun) return MISFIT;
  d.status = 'SENT_TO_AGENCY';
  model.sealed = d.pence;
  d.pending = d.pending.filter(({ code }) => code !== 'BY_HAND');
  if (d.latest.result !== d.stated || d.required > 0) model.settle();
  else d.pending = [];
  return null;
});

export const notIncluded = fact(
  'not-included',
  2,
  { code: 'COLLECT_TIME_OVER', words: 'It was not included.', owedPence: null },
  PaymentNotIncludedV1,
  (model, isItsRun) => {
    const d = model.main!;
    if (d.status !== 'RELEASING' || !isItsRun) return null;
    d.status = 'FINANCIALLY_APPROVED';
    d.run = null;
    model.resume('run');
    return null;
  },
);

export const amountMoved = fact(
  'amount-moved',
  1,
  { code: 'AMOUNT_MOVED', words: 'What is owed moved.', owedPence: '777' },
  PaymentNotIncludedV1,
  (model, isItsRun) => {
    const d = model.main!;
    if (d.status !== 'RELEASING' || !isItsRun) return null;
    d.status = 'FINANCIALLY_APPROVED';
    d.run = null;
    model.resume('run');
    if (model.main!.status === 'FINANCIALLY_APPROVED') d.reopen(777n);
    return null;
  },
);

export const acknowledged = fact('acknowledged', 1, {}, PaymentAcknowledgedV1, (model, isItsRun) => {
  const d = model.main!;
  if (d.status !== 'SENT_TO_AGENCY' || !isItsRun) return MISFIT;
  d.status = 'PAID';
  return null;
});

/** Nothing of the line is settled: it is tried again, or the open adjustment takes all of it over. */
const lost =
  (from: 'SENT_TO_AGENCY' | 'PAID') =>
  (model: ReferenceModel, isItsRun: boolean): string | null => {
    const d = model.main!;
    if (d.status !== from || !isItsRun) return MISFIT;
    d.status = 'REJECTED_BY_AGENCY';
    model.sealed = null;
    if (!model.adjustment) return null;
    d.pending = [];
    d.lapse('ABSORBED');
    model.settle();
    return null;
  };

export const rejected = fact(
  'rejected',
  2,
  { reasonCode: 'ACCOUNT_CLOSED', reason: 'The account is closed.' },
  PaymentRejectedV1,
  lost('SENT_TO_AGENCY'),
);

/** Days after the agency had said that it was paid. */
export const returned = fact(
  'returned',
  8,
  { reasonCode: 'ARUCS-B', reason: 'The account is closed.', returnedOn: '2026-09-23' },
  PaymentReturnedV1,
  lost('PAID'),
);
