import type { LondonDate } from '@attest/calendar';
import type { PaymentFact } from '@attest/contracts';
import type { Declaration } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';

export type MissedPayment = StimulusOf<
  'sealed' | 'netted' | 'not-included' | 'acknowledged' | 'rejected' | 'returned'
>;

/** All that became of a declaration's lines, told again. */
export interface RestatedPayments {
  readonly declarationId: string;
  readonly paymentVersion: number;
  readonly facts: readonly PaymentFact[];
}

type Kind = PaymentFact['kind'];
const ENDS: readonly Kind[] = ['sealed', 'netted', 'not-included'];
const ANSWERS: readonly Kind[] = ['acknowledged', 'rejected', 'returned'];

/** What can still come to it, by where it stands: the rest it has heard. No run begins without its own answer. */
function open(d: Declaration, { kind, runId }: PaymentFact): boolean {
  switch (d.status) {
    case 'RELEASING':
      return runId === d.runId && (ENDS.includes(kind) || ANSWERS.includes(kind));
    case 'SENT_TO_AGENCY':
      return ANSWERS.includes(kind);
    case 'PAID':
      return kind === 'returned';
    default:
      return false;
  }
}

/**
 * What a declaration has not heard of its own line, in order. Each takes a version of its own, the last one the newest
 * that was told: what is told next stands above it.
 */
export function missedFacts(d: Declaration, restated: RestatedPayments): readonly MissedPayment[] {
  if (restated.paymentVersion <= d.paymentVersion) return [];
  const missed = restated.facts.filter(
    (fact) => fact.declarationVersion === d.declarationVersion && fact.attempt === d.attempt && open(d, fact),
  );
  return missed.map((fact, i) =>
    stimulusOf(d.declarationId, fact, restated.paymentVersion - missed.length + 1 + i),
  );
}

function stimulusOf(declarationId: string, fact: PaymentFact, paymentVersion: number): MissedPayment {
  const { declarationVersion, attempt, runId, kind, line } = fact;
  const base = { declarationId, declarationVersion, attempt, runId, paymentVersion };
  const why = { reasonCode: fact.code ?? '', reason: fact.words ?? '' };
  switch (kind) {
    case 'sealed':
      return {
        ...base,
        kind,
        pence: BigInt(line?.pence ?? '0'),
        nettedPence: BigInt(fact.nettedPence ?? '0'),
        fileName: line?.fileName ?? '',
      };
    case 'netted':
      return {
        ...base,
        kind,
        nettedPence: BigInt(fact.nettedPence ?? '0'),
        debtPence: BigInt(fact.debtPence ?? '0'),
      };
    case 'not-included':
      return {
        ...base,
        kind,
        code: fact.code ?? '',
        words: fact.words ?? '',
        owedPence: fact.owedPence === undefined ? null : BigInt(fact.owedPence),
      };
    case 'acknowledged':
      return { ...base, kind };
    case 'rejected':
      return { ...base, kind, ...why };
    case 'returned':
      return { ...base, kind, ...why, returnedOn: fact.returnedOn as LondonDate };
  }
}
