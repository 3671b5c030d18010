import { describe, expect, it } from '@jest/globals';
import { eventDefinitions } from '../src/index.js';

// Specs of other libs, run in the same process, define some of their own.
const definitions = [...eventDefinitions().values()].filter(({ type }) => !type.startsWith('spec.'));

describe('a reader that is new learns everything that stands', () => {
  it('because every event says whether it stands, or passes and why nothing is lost without it', () => {
    const undecided = definitions.filter(
      ({ republish }) =>
        republish !== 'stands' && !(typeof republish === 'object' && republish.passes.length > 20),
    );
    expect(undecided.map(({ type }) => type)).toEqual([]);
  });

  it('and these pass', () => {
    const passing = definitions.filter(({ republish }) => republish !== 'stands').map(({ type }) => type);
    const steps = passing.filter((type) => !type.startsWith('declaration.') && !type.startsWith('payment.'));
    expect(steps.sort()).toEqual([
      'approval.discarded.v1',
      'approval.refused.v1',
      'barrier.aborted.v1',
      'barrier.passed.v1',
      'barrier.requested.v1',
      'organisation.closed.v1',
      'organisation.registered.v1',
      'page.received.v1',
      'payee.changed.v1',
      'release-run.ended.v1',
    ]);
    expect(passing).not.toContain('declaration.restated.v1');
    expect(passing).not.toContain('payment.restated.v1');
  });
});
