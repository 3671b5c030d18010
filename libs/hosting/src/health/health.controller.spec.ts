import { describe, expect, it } from '@jest/globals';
import { AttestError } from '@attest/errors';
import { Database } from '@attest/persistence';
import { Metrics } from '@attest/telemetry';
import type { FastifyReply } from 'fastify';
import { ConsumerWatch } from './consumer-watch.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';

class HangsError extends AttestError {
  constructor() {
    super('MESSAGING_HANGS', 500, 'A batch hangs.');
  }
}

describe('the liveness of a process', () => {
  const ask = (fatal: Error | undefined) => {
    let status = 200;
    const reply = { status: (code: number) => void (status = code) } as unknown as FastifyReply;
    const database = new Database({
      url: 'postgres://127.0.0.1:1/none',
      poolSize: 1,
      applicationName: 'spec',
    });
    const readiness = new Readiness(database, null, new ConsumerWatch(), () => fatal);
    return { body: new HealthController(readiness, new Metrics('spec')).live(reply), status };
  };

  it('is 503, with the code of the reason, once it cannot go on', () => {
    expect(ask(new HangsError())).toEqual({
      status: 503,
      body: { status: 'not live', code: 'MESSAGING_HANGS' },
    });
  });

  it('is 200 until then', () => {
    expect(ask(undefined)).toEqual({ status: 200, body: { status: 'live' } });
  });
});
