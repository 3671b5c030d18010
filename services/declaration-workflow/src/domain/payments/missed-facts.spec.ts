import { describe, expect, it } from '@jest/globals';
import type { PaymentFact } from '@attest/contracts';
import { aDeclaration } from '../../../test/a-declaration.js';
import { missedFacts } from './missed-facts.js';

const RUN = '01900000-0000-7000-8000-0000000000aa';
const fact = (kind: PaymentFact['kind'], changes: Partial<PaymentFact> = {}): PaymentFact => ({
  kind,
  declarationVersion: 1,
  attempt: 1,
  runId: RUN,
  at: '2026-09-15T09:00:00.000Z',
  ...changes,
});
const LINE = { fileName: 'F1', lineNumber: 1, agencyCode: 'PCSE', pence: '10060', payOn: '2026-09-15' };

describe('a declaration that missed what became of its line hears it from what is told again', () => {
  const restated = (...facts: PaymentFact[]) => ({ declarationId: 'd', paymentVersion: 5, facts });
  const of = (changes: object, ...facts: PaymentFact[]) =>
    missedFacts(
      aDeclaration({ declarationVersion: 1, attempt: 1, runId: RUN, paymentVersion: 2, ...changes }),
      restated(...facts),
    ).map(({ kind, paymentVersion }) => `${kind} ${paymentVersion}`);
  const sealed = fact('sealed', { line: LINE });

  it('being sent: how its run ended, then what the agency answered, the last under the newest version', () => {
    expect(of({ status: 'RELEASING' }, sealed, fact('acknowledged'))).toEqual(['sealed 4', 'acknowledged 5']);
    expect(of({ status: 'RELEASING' }, fact('not-included', { code: 'PERIOD_FROZEN' }))).toEqual([
      'not-included 5',
    ]);
  });

  it('sent: only the answer; paid: only that its credit came back', () => {
    expect(of({ status: 'SENT_TO_AGENCY' }, sealed, fact('rejected'))).toEqual(['rejected 5']);
    expect(
      of({ status: 'PAID' }, sealed, fact('acknowledged'), fact('returned', { returnedOn: '2026-09-20' })),
    ).toEqual(['returned 5']);
  });

  it('nothing of another run, attempt or version', () => {
    const runId = '01900000-0000-7000-8000-0000000000bb';
    expect(of({ status: 'RELEASING' }, fact('not-included', { runId }))).toEqual([]);
    expect(of({ status: 'SENT_TO_AGENCY', attempt: 2 }, sealed, fact('rejected'))).toEqual([]);
    expect(of({ status: 'SENT_TO_AGENCY', declarationVersion: 2 }, sealed, fact('rejected'))).toEqual([]);
  });

  it('nothing when it has heard the newest', () => {
    expect(of({ status: 'RELEASING', paymentVersion: 5 }, sealed, fact('acknowledged'))).toEqual([]);
  });

  it('nothing where no line is under way', () => {
    expect(of({ status: 'FINANCIALLY_APPROVED' }, fact('not-included'))).toEqual([]);
  });
});
