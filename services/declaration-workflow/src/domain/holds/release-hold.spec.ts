import { describe, expect, it } from '@jest/globals';
import { aDeclaration, aHold, context, figures, ID } from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import type { StimulusOf } from '../core/stimulus.js';

const release = (holdId: string, confirmed = true): StimulusOf<'release-hold'> => ({
  kind: 'release-hold',
  declarationId: ID,
  personId: 'approver',
  forOrganisation: 'XQA',
  seenRevision: null,
  holdId,
  confirmed,
  reason: null,
});
const run = (d: Declaration, stimulus: Parameters<typeof apply>[1]) => {
  const outcome = apply([d], stimulus, context());
  return { ...outcome, now: outcome.family.find((one) => one.declarationId === d.declarationId)! };
};

describe('releasing a hold', () => {
  const made = { ...figures(), memberships: { XP1: 2 } };
  it.each([
    ['a hold that is not there', aDeclaration(), 'HOLD_UNKNOWN', true],
    [
      'without confirmation',
      aDeclaration({ holds: [aHold({ waitsFor: null })] }),
      'HOLD_CONFIRMATION_MISSING',
      false,
    ],
    ['left, before its figures', aDeclaration({ holds: [aHold()] }), 'HOLD_AWAITS_REAGGREGATION', true],
    [
      'corrected, before its figures',
      aDeclaration({ holds: [aHold({ code: 'PCN_MEMBERSHIP_CORRECTED' })] }),
      'HOLD_AWAITS_REAGGREGATION',
      true,
    ],
    [
      'PCN closed, before its figures',
      aDeclaration({ holds: [aHold({ code: 'PCN_CLOSED' })] }),
      'HOLD_AWAITS_REAGGREGATION',
      true,
    ],
  ] as const)('is refused: %s', (_, d, refusal, confirmed) => {
    expect(run(d, release(aHold().holdId, confirmed))).toMatchObject({ refusal, steps: [] });
  });

  it.each(['PCN_PRACTICE_LEFT', 'PCN_MEMBERSHIP_CORRECTED', 'PCN_CLOSED'] as const)(
    '%s is released once figures with its version are there',
    (code) => {
      const { now, refusal } = run(
        aDeclaration({ latest: made, holds: [aHold({ code })] }),
        release(aHold().holdId),
      );
      expect([refusal, now.holds]).toEqual([null, []]);
    },
  );
});
