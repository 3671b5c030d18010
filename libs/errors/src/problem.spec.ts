import { describe, expect, it } from '@jest/globals';
import { AttestError } from './attest-error.js';
import { problemOf, RequestFaultsError } from './problem.js';

class StaleVersionError extends AttestError {
  constructor() {
    super('STALE_VERSION', 412, 'It was changed at 14:03. Read it again.', { revision: '7' });
  }
}

describe('a problem', () => {
  it('tells code, words, facts and where', () => {
    expect(problemOf(new StaleVersionError(), '/api/v1/declarations/1')).toEqual({
      type: 'urn:attest:problem:stale-version',
      title: 'It has changed since you read it',
      status: 412,
      code: 'STALE_VERSION',
      detail: 'It was changed at 14:03. Read it again.',
      instance: '/api/v1/declarations/1',
      facts: { revision: '7' },
    });
  });

  it('of a surprise tells nothing of its insides', () => {
    const problem = problemOf(new Error('duplicate key value (nhs)=(9434765919)'));
    expect(problem).toMatchObject({ status: 500, code: 'UNEXPECTED_ERROR', facts: {} });
    expect(JSON.stringify(problem)).not.toContain('duplicate');
  });

  it('of a fault of our own tells its code, and leaves its words to the log', () => {
    const problem = problemOf(
      new AttestError('SEALED_FILE_DIFFERS', 500, 'Look into /srv/sealed.', { path: '/srv/sealed' }),
    );
    expect(problem).toMatchObject({ status: 500, code: 'SEALED_FILE_DIFFERS', facts: {} });
    expect(JSON.stringify(problem)).not.toContain('/srv');
  });

  it('of what passes by itself keeps the words for the caller', () => {
    const problem = problemOf(new AttestError('DATABASE_AWAY', 503, 'Send it again in a few seconds.'));
    expect(problem.detail).toBe('Send it again in a few seconds.');
  });

  it('lists every fault of a request, and the first five in words', () => {
    const faults = Array.from({ length: 7 }, (_, i) => ({ at: `items[${i}]`, detail: 'is missing' }));
    const problem = problemOf(new RequestFaultsError(faults));
    expect(problem.faults).toHaveLength(7);
    expect(problem.detail).toContain('items[4] is missing; and more');
  });

  it('names the class in its error', () => {
    expect(new StaleVersionError().name).toBe('StaleVersionError');
  });
});
