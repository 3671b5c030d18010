import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { uuidV7, type DeclarationState } from '@attest/contracts';
import { itemsOf, startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
let made = 0;
let key: { 'idempotency-key': string };
let tasks: DeclarationState[];
let previewId: string;
beforeAll(async () => {
  world = await startApprovals();
}, 60_000);
afterAll(() => world?.service.close());

const stage = 'commissioner';
const ask = (body: object, person = 'approver') =>
  world.service.post(person, 'bulk-approvals', { stage, ...body }, key);
const bulks = async (): Promise<number> =>
  (await world.service.database.query('SELECT count(*)::int AS n FROM bulk_approval')).rows[0].n;
/** As where the process died, or the database was away, before the answer was kept. */
const loseAnswer = () => world.service.database.query('DELETE FROM idempotency_key');

beforeEach(async () => {
  const serviceCode = `XR${++made}`;
  key = { 'idempotency-key': uuidV7() };
  tasks = await world.declared({ serviceCode }, { serviceCode });
  previewId = (await world.service.post('approver', 'bulk-previews', { stage, serviceCode })).body.previewId;
});

describe('a bulk whose answer was lost', () => {
  it.each([
    ['of items', () => ({ items: itemsOf(tasks) })],
    [
      'that refuses',
      () => ({ items: itemsOf(tasks), decision: 'refuse', reason: 'Higher than the register.' }),
    ],
    ['of a preview', () => ({ previewId })],
  ])('%s is found by its key, and nothing is recorded again', async (_, body) => {
    const first = await ask(body());
    const before = await bulks();
    await loseAnswer();
    const again = await ask(body());
    expect([again.status, again.body.bulkId]).toEqual([202, first.body.bulkId]);
    expect(await bulks()).toBe(before);
    expect(await world.signed('approver', first.body.bulkId)).toMatchObject({ pending: 2, refused: 0 });
  });

  it('of a preview is found also when the preview has expired since', async () => {
    const first = await ask({ previewId });
    await loseAnswer();
    await world.service.database.query('UPDATE bulk_preview SET expires_at = made_at');
    expect(await ask({ previewId })).toMatchObject({ status: 202, body: { bulkId: first.body.bulkId } });
  });

  it.each([
    ['fewer items', () => ({ items: itemsOf(tasks).slice(1) })],
    ['more items', () => ({ items: [...itemsOf(tasks), ...itemsOf(tasks)] })],
    ['another version', () => ({ items: itemsOf(tasks).map((i) => ({ ...i, declarationVersion: '2' })) })],
    ['another stage', () => ({ items: itemsOf(tasks), stage: 'finance' })],
    ['another decision', () => ({ items: itemsOf(tasks), decision: 'refuse', reason: 'Too high.' })],
    ['a preview', () => ({ previewId })],
  ])('refuses its key with %s', async (_, other) => {
    const first = await ask({ items: itemsOf(tasks) });
    await world.signed('approver', first.body.bulkId);
    const before = await bulks();
    await loseAnswer();
    expect(await ask(other())).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(await bulks()).toBe(before);
  });

  it("is never found by somebody else's request with the same key", async () => {
    const first = await ask({ items: itemsOf(tasks) });
    const theirs = await ask({ items: itemsOf(tasks) }, 'second');
    expect(theirs.status).toBe(202);
    expect(theirs.body.bulkId).not.toBe(first.body.bulkId);
  });
});
