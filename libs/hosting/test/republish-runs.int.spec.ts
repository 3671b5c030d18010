import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgencyPublishedV1 } from '@attest/contracts';
import { Republishes, type RepublishedPage, type Republishing } from '@attest/messaging';
import { Module } from '@nestjs/common';
import { bareService, type BareService } from './bare-service.js';

@Republishes(AgencyPublishedV1)
class TellsNothing implements Republishing {
  page(): Promise<RepublishedPage> {
    return Promise.resolve({ events: [], next: null });
  }
}

@Module({})
class NothingModule {}

describe('a run in which a service tells again what it stands for', () => {
  let service: BareService;

  beforeAll(async () => {
    service = await bareService(NothingModule);
    service.platform.messaging.republisher.publishers.offer(new TellsNothing());
    await service.appoint('operator', 'NATIONAL_OPERATOR', 'ENGLAND');
    await service.appoint('commissioner', 'COMMISSIONING_MANAGEMENT', 'ENGLAND');
  });
  afterAll(() => service?.close());

  const ask = async (body: object | undefined, personId = 'operator', key: string = randomUUID()) => {
    const { authorization } = await service.identity.headers(personId);
    const answer = await fetch(`${service.url}/api/v1/operations/republish-runs`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const RUN = {
    topic: 'quality-services',
    keys: ['PCSE'],
    ratePerSecond: 50,
    reason: 'a reader was away',
  };

  it('is asked for by a national operator with a reason, once for each key, and listed', async () => {
    const key = randomUUID();
    const first = await ask(RUN, 'operator', key);
    expect(first).toMatchObject({
      status: 201,
      body: { ...RUN, requestedBy: 'operator', status: 'running', events: 0 },
    });
    expect((await ask(RUN, 'operator', key)).body).toEqual(first.body);
    const { body } = await ask(undefined);
    expect((body['items'] as { runId: string }[]).map(({ runId }) => runId)).toEqual([first.body['runId']]);
  });

  it.each([
    ['somebody else', 403, 'ROLE_MISSING', RUN, 'commissioner'],
    ['a topic of another service', 409, 'NOTHING_TO_REPUBLISH', { ...RUN, topic: 'payments' }, 'operator'],
    ['no reason', 400, 'REQUEST_FAULTY', { ...RUN, reason: undefined }, 'operator'],
    ['no rate', 400, 'REQUEST_FAULTY', { ...RUN, ratePerSecond: 0 }, 'operator'],
    ['an empty list of keys', 400, 'REQUEST_FAULTY', { ...RUN, keys: [] }, 'operator'],
  ])('is refused for %s', async (_, status, code, body, personId) => {
    const refused = await ask(body, personId);
    expect([refused.status, refused.body['code']]).toEqual([status, code]);
  });
});
