import { AttestError } from '@attest/errors';
import { describe, expect, it } from '@jest/globals';
import { wordsOf } from './burial.js';

describe('what is kept of an error in a dead letter and its headers', () => {
  it('of a foreign one is its class and code, never its words: they may quote a value', () => {
    const error = Object.assign(new RangeError('Key (email)=(a@b.nhs.uk) exists'), { code: '23505' });
    const words = wordsOf(error);
    expect(words).toMatchObject({ errorClass: 'RangeError', code: 'HANDLER_FAILED_23505' });
    expect(JSON.stringify(words)).not.toContain('nhs.uk');
  });

  it('of one of ours is what it says', () => {
    const error = new AttestError('STALE_VERSION', 412, 'It changed. Read it again.');
    expect(wordsOf(error)).toMatchObject({ code: 'STALE_VERSION', message: 'It changed. Read it again.' });
  });
});
