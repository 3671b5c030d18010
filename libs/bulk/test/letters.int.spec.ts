import { randomUUID } from 'node:crypto';
import { eventually, startServiceUnderTest, type ServiceUnderTest } from '@attest/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { letters, lettersTo } from './letters.js';

let service: ServiceUnderTest;

beforeAll(async () => {
  service = await startServiceUnderTest(letters, { LOG_LEVEL: 'silent' });
  await service.know(
    [{ code: 'XQA', kind: 'commissioner' }],
    ['writer', 'other'].map((personId) => ({
      personId,
      role: 'APPROVAL_MANAGEMENT',
      organisationCode: 'XQA',
    })),
  );
});
afterAll(() => service?.close());

async function written(towns: readonly string[], heavy = false): Promise<string[]> {
  const { rows } = await service.database.query<{ id: string }>(...lettersTo(towns, heavy));
  return rows.map(({ id }) => id);
}

const many = (town: string, count: number): string[] => new Array<string>(count).fill(town);

async function ended(bulkId: string) {
  return eventually(
    async () => {
      const { body } = await service.get('writer', `bulk-letters/${bulkId}`);
      return body.endedAt !== null && body;
    },
    { withinMs: 40_000, everyMs: 20 },
  );
}

async function sent(body: object, headers = {}) {
  const answer = await service.post('writer', 'bulk-letters', { stamp: 'FIRST', ...body }, headers);
  expect(answer.status).toBe(202);
  return answer.body as { bulkId: string };
}

const itemsOf = async (bulkId: string, query: string) =>
  (await service.get('writer', `bulk-letters/${bulkId}/items?${query}`)).body.items;

describe('a service that has a bulk of its own', () => {
  it('counts in a preview what the bulk then acts on, and nothing else', async () => {
    await written(many('LEEDS', 150));
    await written(['LEEDS'], true);
    await written(['YORK']);
    const { body: preview } = await service.post('writer', 'bulk-previews', { town: 'LEEDS' });
    expect(preview).toMatchObject({ filter: { town: 'LEEDS' }, items: 151, pence: '9160', heavy: 1 });
    const listed = await service.get('writer', `bulk-previews/${preview.previewId}/items?limit=1`);
    expect(listed.body.items).toEqual([
      { ordinal: 1, letterId: expect.any(String), pence: expect.any(String), town: 'LEEDS' },
    ]);
    const { bulkId } = await sent({ previewId: preview.previewId });
    expect(await ended(bulkId)).toMatchObject({
      stamp: 'FIRST',
      items: 151,
      queued: 0,
      sent: 151,
      refused: 0,
    });
    const { rows } = await service.database.query(`SELECT town FROM letter WHERE stamp IS NULL`);
    expect(rows).toEqual([{ town: 'YORK' }]);
  });

  it('answers each item: done, refused, repeated, or failed beside 200 others', async () => {
    const ids = await written([...many('BATH', 200), 'NOWHERE']);
    const { bulkId } = await sent({ items: [...ids, ids[0], randomUUID()] });
    expect(await ended(bulkId)).toMatchObject({ items: 203, sent: 200, refused: 3 });
    expect((await itemsOf(bulkId, 'state=refused')).map((item: { code: string }) => item.code)).toEqual([
      'ITEM_FAILED',
      'ITEM_REPEATED',
      'LETTER_SENT',
    ]);
    expect(await itemsOf(bulkId, 'limit=1')).toEqual([
      { ordinal: 1, letterId: ids[0], state: 'sent', code: 'SENT', postage: 60 },
    ]);
  });

  it('records one bulk for a key, and shows it to nobody else', async () => {
    const items = await written(['ELY']);
    const key = { 'idempotency-key': randomUUID() };
    const { bulkId } = await sent({ items }, key);
    await ended(bulkId);
    await service.database.query('DELETE FROM idempotency_key');
    expect((await sent({ items }, key)).bulkId).toBe(bulkId);
    await service.database.query('DELETE FROM idempotency_key');
    const other = await service.post('writer', 'bulk-letters', { stamp: 'SECOND', items }, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await service.get('other', `bulk-letters/${bulkId}`)).toMatchObject({
      status: 404,
      body: { code: 'UNKNOWN_BULK_LETTER' },
    });
    expect((await service.get('other', 'bulk-letters')).body.items).toEqual([]);
  });

  it('ends what was not done yet when it is cancelled', async () => {
    const items = await written(many('RIPON', 3_000));
    const { bulkId } = await sent({ items });
    await service.post('writer', `bulk-letters/${bulkId}/cancel`);
    const { sent: done, cancelled, cancelledAt } = await ended(bulkId);
    expect(done + cancelled).toBe(3_000);
    expect(cancelledAt).not.toBeNull();
    const { rows } = await service.database.query(
      `SELECT count(*)::int AS done FROM letter WHERE town = 'RIPON' AND stamp IS NOT NULL`,
    );
    expect(rows[0].done).toBe(done);
  });
});
