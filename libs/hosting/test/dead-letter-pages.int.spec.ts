import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { bareService, type BareService } from './bare-service.js';

@Module({})
class NothingModule {}

const LETTERS = 1001;

describe('the list of dead letters', () => {
  let service: BareService;
  let authorization = '';

  beforeAll(async () => {
    service = await bareService(NothingModule);
    await service.appoint('operator', 'NATIONAL_OPERATOR', 'ENGLAND');
    authorization = (await service.identity.headers('operator')).authorization;
    await service.platform.database.query(
      `INSERT INTO dead_letter (id, consumer, topic, partition, "offset", key, headers, recorded_at, error_class, error_code,
                                error_message)
       SELECT ('01990000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'catalogue', 'declarations', 0, n, 'k', '{}', now(),
              'Error', 'EVENT_UNREADABLE', 'It cannot be read.'
       FROM generate_series(1, $1::int) n`,
      [LETTERS],
    );
  });
  afterAll(() => service.close());

  const page = async (query: string): Promise<{ items: { id: string }[]; nextCursor: string | null }> => {
    const answer = await fetch(`${service.url}/api/v1/operations/dead-letters?${query}`, {
      headers: { authorization },
    });
    expect(answer.status).toBe(200);
    return (await answer.json()) as { items: { id: string }[]; nextCursor: string | null };
  };

  it('tells each of them once, to the last, also by pages of the most that one may have', async () => {
    const told: string[] = [];
    const sizes: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { items, nextCursor } = await page(`limit=500&status=dead${cursor && `&cursor=${cursor}`}`);
      told.push(...items.map(({ id }) => id));
      sizes.push(items.length);
      cursor = nextCursor;
    }
    expect(sizes).toEqual([500, 500, 1]);
    expect(new Set(told).size).toBe(LETTERS);
  });

  it('goes on with a cursor for a page of another length', async () => {
    const { nextCursor } = await page('limit=2');
    const { items } = await page(`limit=3&cursor=${nextCursor}`);
    expect(items.map(({ id }) => id.slice(-1))).toEqual(['3', '4', '5']);
  });
});
