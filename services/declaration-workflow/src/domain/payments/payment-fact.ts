import type { Declaration } from '../core/declaration.js';
import { PaymentFactDoesNotFitError } from '../core/declaration.errors.js';
import type { Stimulus, StimulusOf } from '../core/stimulus.js';

export type PaymentStimulus = StimulusOf<
  'release-requested' | 'sealed' | 'netted' | 'not-included' | 'acknowledged' | 'rejected' | 'returned'
>;

/** What is owed for it moved while a run had it. */
const MOVED: readonly string[] = ['AMOUNT_MOVED', 'NOTHING_OWED'];

export const saysMoved = (code: string | null): boolean => code !== null && MOVED.includes(code);

export const isPaymentStimulus = (s: Stimulus): s is PaymentStimulus => 'paymentVersion' in s;

/** @throws PaymentFactDoesNotFitError: it is of another line than the one that stands there */
export function expectLine(d: Declaration, status: Declaration['status'], s: PaymentStimulus): void {
  const fits = d.status === status && d.runId === s.runId && d.attempt === s.attempt;
  if (!fits || d.declarationVersion !== s.declarationVersion) throw misfit(d, s);
}

export const misfit = (d: Declaration, s: PaymentStimulus): PaymentFactDoesNotFitError =>
  new PaymentFactDoesNotFitError({
    declarationId: d.declarationId,
    fact: s.kind,
    status: d.status,
    runId: d.runId,
    factRunId: s.runId,
    attempt: d.attempt,
    factAttempt: s.attempt,
  });
