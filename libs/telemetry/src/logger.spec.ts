import { AttestError } from '@attest/errors';
import { describe, expect, it } from '@jest/globals';
import { withCorrelation } from './correlation.js';
import { Logger } from './logger.js';

const logged = (log: (logger: Logger) => void): Record<string, unknown> => {
  let line = '';
  const destination = { write: (text: string) => void (line = text) };
  log(Logger.create({ service: 'catalogue', level: 'info', destination }));
  return line === '' ? {} : (JSON.parse(line) as Record<string, unknown>);
};

describe('a log line', () => {
  it('tells code, facts, service, level and time', () => {
    expect(
      logged((l) => l.info('OFFER_MADE', { serviceCode: 'NCD2425', offers: 3, amountPence: 7n })),
    ).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T/),
      service: 'catalogue',
      code: 'OFFER_MADE',
      serviceCode: 'NCD2425',
      offers: 3,
      amountPence: '7',
    });
  });

  it('carries the correlation id of what is being handled', async () => {
    await withCorrelation('request-1', async () => {
      await Promise.resolve();
      expect(logged((l) => l.info('X'))['correlationId']).toBe('request-1');
    });
    expect(logged((l) => l.info('X'))).not.toHaveProperty('correlationId');
  });

  it('of an expected error tells its code and facts', () => {
    const line = logged((l) =>
      l.warn('REFUSED', {}, new AttestError('STALE_VERSION', 412, 'It changed.', { revision: '7' })),
    );
    expect(line).toMatchObject({ causeCode: 'STALE_VERSION', revision: '7' });
  });

  it('of a fault of our own tells where it happened', () => {
    const line = logged((l) => l.error('FAILED', {}, new AttestError('TRANSACTION_ROLLED_BACK', 500, 'No.')));
    expect((line['at'] as string[])[0]).toContain('logger.spec');
  });

  it('of a database’s error tells code and constraint, never the row that it quotes', () => {
    const error = Object.assign(new Error('duplicate key: (email)=(a@b.nhs.uk)'), {
      code: '23505',
      constraint: 'person_pkey',
      detail: 'Key (email)=(a@b.nhs.uk) already exists.',
    });
    const line = logged((l) => l.error('WRITE_FAILED', {}, error));
    expect(line).toMatchObject({ causeCode: '23505', constraint: 'person_pkey' });
    expect(JSON.stringify(line)).not.toContain('nhs.uk');
  });

  it('of a parser’s error tells nothing of what was parsed', () => {
    let error: unknown;
    try {
      JSON.parse('Smith, John\n 9434765919');
    } catch (thrown) {
      error = thrown;
    }
    const line = logged((l) => l.error('READ_FAILED', {}, error));
    expect(line).toMatchObject({ cause: 'SyntaxError' });
    expect(JSON.stringify(line)).not.toMatch(/Smith|9434765919/);
  });

  it.each(['authorization', 'email', 'reason', 'token', 'DATABASE_URL'])('never tells a %s', (name) => {
    expect(JSON.stringify(logged((l) => l.info('X', { [name]: 'secret' })))).not.toContain('secret');
  });

  it('below the level is not written', () => expect(logged((l) => l.debug('X'))).toEqual({}));

  it('may carry facts that every line has', () => {
    expect(logged((l) => l.with({ runId: 'r1' }).info('X'))).toMatchObject({ runId: 'r1' });
  });
});
