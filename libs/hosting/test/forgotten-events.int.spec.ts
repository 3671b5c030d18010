import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { bareService, type BareService } from './bare-service.js';

@Module({})
class NothingModule {}

describe('what a restored service has told and forgotten', () => {
  let service: BareService;

  beforeAll(async () => {
    service = await bareService(NothingModule);
    await service.appoint('operator', 'NATIONAL_OPERATOR', 'ENGLAND');
    await service.appoint('administrator', 'ORGANISATION_ADMINISTRATION', 'ENGLAND');
    await service.platform.database.query(
      `INSERT INTO producer_epoch (epoch, version_floor, raised_by, reason) VALUES (1, 1000000, 'operator', 'disk lost')`,
    );
    await service.platform.database.query(
      `INSERT INTO forgotten_event (event_id, epoch, topic, partition, "offset", key, type, aggregate_version, payload)
       SELECT ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1, 'organisations', 0, n, 'K' || n % 2,
              'role-assignment.recorded.v1', n, '{"assignmentVersion": ' || n || '}'
       FROM generate_series(1, 5) n`,
    );
  });
  afterAll(() => service.close());

  const ask = async (query: string, personId = 'operator') => {
    const answer = await fetch(`${service.url}/api/v1/operations/forgotten-events?${query}`, {
      headers: { authorization: (await service.identity.headers(personId)).authorization },
    });
    return {
      status: answer.status,
      body: (await answer.json()) as { items: { version: number }[]; nextCursor: string | null },
    };
  };
  const versions = (body: { items: { version: number }[] }) => body.items.map(({ version }) => version);

  it('is read by the national operator, page by page, with its data', async () => {
    const first = (await ask('limit=3')).body;
    expect(first.items[0]).toEqual({
      eventId: '01990000-0000-7000-8000-000000000001',
      epoch: 1,
      topic: 'organisations',
      key: 'K1',
      type: 'role-assignment.recorded.v1',
      version: 1,
      data: { assignmentVersion: 1 },
      toldAgainAt: null,
    });
    const second = (await ask(`limit=3&cursor=${first.nextCursor}`)).body;
    expect([...versions(first), ...versions(second)]).toEqual([1, 2, 3, 4, 5]);
    expect(second.nextCursor).toBeNull();
  });

  it('is found by its topic, type and key', async () => {
    const one = 'topic=organisations&type=role-assignment.recorded.v1&key=K0';
    expect(versions((await ask(one)).body)).toEqual([2, 4]);
    expect(versions((await ask('topic=payments')).body)).toEqual([]);
  });

  it('is told to nobody else', async () => {
    expect((await ask('', 'administrator')).status).toBe(403);
  });
});
