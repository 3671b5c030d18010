import {
  newEvent,
  PaymentAcknowledgedV1,
  PaymentNettedV1,
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
import type { ModelDeclaration } from '../model-declaration.js';
import type { RealAchievement } from '../real-achievement.js';
import type { ReferenceModel } from '../reference-model.js';

const instruction = (model: ReferenceModel, real: RealAchievement, runId: string) => ({
  declarationId: real.of(model.subject!).declaration_id,
  declarationVersion: model.subject!.version,
  attempt: model.subject!.attempt,
  runId,
  paymentVersion: ++model.subject!.paymentVersion,
});

/** A run asks for it; everything that forbids payment is looked at once more. */
export const releaseRequest = command({
  name: 'release-request',
  aboutOne: true,
  weight: 4,
  args: fc.record({
    superseded: fc.constantFrom(false, false, false, false, true),
    barrier: fc.constantFrom(true, true, true, true, false),
  }),
  async run(model, real, { superseded, barrier }) {
    const d = model.subject!;
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
            : (model.obstacle(d) ??
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

/** What became of it in a run, whatever state it is in. */
const fact = <A extends { ofItsRun: boolean }>({
  args = fc.constant({}) as unknown as fc.Arbitrary<Omit<A, 'ofItsRun'>>,
  ...kind
}: {
  name: string;
  weight: number;
  args?: fc.Arbitrary<Omit<A, 'ofItsRun'>>;
  says(d: ModelDeclaration, drawn: A): readonly [Parameters<typeof newEvent>[0], object];
  take(model: ReferenceModel, d: ModelDeclaration, isItsRun: boolean, drawn: A): string | null;
}) =>
  command<A>({
    ...kind,
    aboutOne: true,
    args: fc
      .tuple(args, fc.constantFrom(true, true, true, true, false))
      .map(([more, ofItsRun]) => ({ ...more, ofItsRun }) as A),
    async run(model, real, drawn) {
      const d = model.subject!;
      const isItsRun = drawn.ofItsRun && d.run !== null;
      const line = instruction(model, real, isItsRun ? d.run! : uuidV7());
      const [definition, more] = kind.says(d, drawn);
      const event = newEvent(definition, { ...line, ...LINE, pence: d.pence.toString(), ...more } as never);
      const was = d.status;
      const expected = kind.take(model, d, isItsRun, drawn);
      const met = expected === null && d.status !== was ? [`${d.kind} ${was} ${kind.name} ${d.status}`] : [];
      return { expected, given: await real.hear('payments', event as NewEvent, () => undefined), met };
    },
  });
const LINE = { fileName: 'ATTEST-XPAY-2026-08.csv', lineNumber: 1 };

const MISFIT = 'PAYMENT_FACT_DOES_NOT_FIT';

interface Settling {
  readonly ofItsRun: boolean;
  /** By recoveries of the same provider, from what is left of it. */
  readonly taken?: 'none' | 'part' | 'all';
}
const takenOf = ({ due }: ModelDeclaration, { taken }: Settling): bigint =>
  due <= 0n || taken === 'all' ? due : taken === 'part' ? due / 3n : 0n;

/** Its line stands in a file; or there is none, because it is a recovery or recoveries took all of it. */
export const sealed = fact<Settling>({
  name: 'sealed',
  weight: 3,
  args: fc.record({ taken: fc.constantFrom('none', 'none', 'part', 'all') }),
  says(d, drawn) {
    const netted = takenOf(d, drawn);
    const nettedPence = netted.toString();
    if (netted === d.due) return [PaymentNettedV1, { nettedPence, debtPence: netted < 0n ? '1' : '0' }];
    return [PaymentSealedV1, { pence: (d.due - netted).toString(), nettedPence }];
  },
  take(model, d, isItsRun, drawn) {
    if (d.status !== 'RELEASING' || !isItsRun) return MISFIT;
    const netted = takenOf(d, drawn);
    model.settled(d, d.due - netted, netted);
    return null;
  },
});

const leftOut = (
  name: string,
  weight: number,
  says: { code: string; words: string; owedPence: string | null },
  then: (model: ReferenceModel, d: ModelDeclaration) => void = () => undefined,
) =>
  fact({
    name,
    weight,
    says: () => [PaymentNotIncludedV1, says],
    take(model, d, isItsRun) {
      if (d.status !== 'RELEASING' || !isItsRun) return null;
      d.status = 'FINANCIALLY_APPROVED';
      d.run = null;
      model.resume(d, 'run');
      if (statusOf(d) === 'FINANCIALLY_APPROVED') then(model, d);
      return null;
    },
  });
/** What is done to it may have moved it. */
const statusOf = (d: ModelDeclaration): string => d.status;

export const notIncluded = leftOut('not-included', 2, {
  code: 'COLLECT_TIME_OVER',
  words: 'It was not included.',
  owedPence: null,
});

export const amountMoved = leftOut(
  'amount-moved',
  1,
  { code: 'AMOUNT_MOVED', words: 'What is owed moved.', owedPence: '777' },
  (_model, d) => d.reopen(777n),
);

/** An adjustment ends with it; an achievement's own is signed again for nothing. */
export const nothingOwed = leftOut(
  'nothing-owed',
  1,
  { code: 'NOTHING_OWED', words: 'Nothing is owed.', owedPence: '0' },
  (model, d) => {
    if (d.kind === 'adjustment' && d.netted === 0n) model.restate(d, 0n);
    else d.reopen(0n);
  },
);

export const acknowledged = fact({
  name: 'acknowledged',
  weight: 1,
  says: () => [PaymentAcknowledgedV1, {}],
  take(_model, d, isItsRun) {
    if (d.status !== 'SENT_TO_AGENCY' || !isItsRun) return MISFIT;
    d.status = 'PAID';
    return null;
  },
});

export const rejected = fact({
  name: 'rejected',
  weight: 2,
  says: () => [PaymentRejectedV1, { reasonCode: 'ACCOUNT_CLOSED', reason: 'The account is closed.' }],
  take(model, d, isItsRun) {
    if (d.status !== 'SENT_TO_AGENCY' || !isItsRun) return MISFIT;
    model.lost(d);
    return null;
  },
});

/** Days after the agency had said that it was paid. What never had a line no bank can send back. */
export const returned = fact({
  name: 'returned',
  weight: 8,
  says: () => [
    PaymentReturnedV1,
    { reasonCode: 'ARUCS-B', reason: 'The account is closed.', returnedOn: '2026-09-23' },
  ],
  take(model, d, isItsRun) {
    if (d.status !== 'PAID' || !isItsRun || d.sealed === 0n) return MISFIT;
    model.lost(d);
    return null;
  },
});
