import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ApprovalRefusedV1,
  DeclarationApprovedV1,
  DeclarationDeclaredV1,
  newEvent,
  uuidV7,
  type DeclarationState,
} from '@attest/contracts';
import {
  eventually,
  startServiceUnderTest,
  waitingStatements,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';
import { commissionerApproval } from '../src/index.js';
import { aDeclaration, aHold, fact } from './a-declaration.js';

let service: ServiceUnderTest;
let approvals: readonly SeenEvent[];
let made = 0;
/** Unlike any that another test acts on. */
let serviceCode: string;
const SOON = { withinMs: 20_000, everyMs: 20 };

beforeAll(async () => {
  service = await startServiceUnderTest(commissionerApproval, { LOG_LEVEL: 'silent' });
  approvals = await service.topics.collect('approvals');
  await service.know(
    [
      { code: 'XQA', kind: 'commissioner' },
      { code: 'XQB', kind: 'commissioner' },
    ],
    [
      { personId: 'approver', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'second', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'declarer', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'stranger', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQB' },
      { personId: 'finance', role: 'FINANCE_MANAGEMENT', organisationCode: 'XQA' },
    ],
  );
}, 60_000);
beforeEach(() => {
  serviceCode = `XB${++made}`;
});
afterAll(() => service?.close());

async function declared(...changes: Partial<DeclarationState>[]): Promise<DeclarationState[]> {
  const declarations = changes.map((change) => aDeclaration({ serviceCode, ...change }));
  await service.topics.publish(
    declarations.map((declaration) => newEvent(DeclarationDeclaredV1, { declaration, fact: fact() })),
  );
  await eventually(async () => {
    const { rowCount } = await service.database.query(
      'SELECT 1 FROM approval_task WHERE declaration_id = ANY($1)',
      [declarations.map((d) => d.declarationId)],
    );
    return rowCount === declarations.length;
  }, SOON);
  return declarations;
}

const stage = 'commissioner';
const previewOf = (filter: object, person = 'approver') =>
  service.post(person, 'bulk-previews', { stage, serviceCode, ...filter });
const bulk = (body: object, person = 'approver', headers = {}) =>
  service.post(person, 'bulk-approvals', { stage, ...body }, headers);
const progress = async (bulkId: string, person = 'approver') =>
  (await service.get(person, `bulk-approvals/${bulkId}`)).body;
const signed = (bulkId: string, person = 'approver') =>
  eventually(async () => {
    const now = await progress(bulkId, person);
    return now.queued === 0 && now;
  }, SOON);
const itemsOf = async (bulkId: string, query = '') =>
  (await service.get('approver', `bulk-approvals/${bulkId}/items?limit=500${query}`)).body.items;
const all = (declarations: readonly DeclarationState[]) =>
  declarations.map(({ declarationId }) => ({ declarationId, declarationVersion: '1' }));
const many = (count: number) => declared(...Array.from({ length: count }, () => ({})));

describe('a preview', () => {
  it('counts what waits for that signature, in pence, and of it what would be refused', async () => {
    await declared({}, { holds: [aHold()] }, { awaitingAggregation: true }, { commissionerCode: 'XQB' });
    expect((await previewOf({})).body).toMatchObject({
      items: 3,
      pence: '36216',
      held: 1,
      awaitingAggregation: 1,
      yourOwn: 0,
    });
    expect((await previewOf({}, 'declarer')).body).toMatchObject({ items: 3, yourOwn: 3 });
    expect((await previewOf({}, 'stranger')).body).toMatchObject({ items: 1 });
    expect((await previewOf({ stage: 'finance' })).body).toMatchObject({ items: 0, pence: '0' });
  });

  it.each(['serviceCode', 'held', 'amountFromPence', 'amountToPence'])(
    'whose %s is null is refused: it could mean nothing or everything',
    async (name) => {
      const { status, body } = await previewOf({ [name]: null });
      expect({ status, faults: body.faults }).toEqual({
        status: 400,
        faults: [{ at: name, detail: expect.stringContaining('leave it out') }],
      });
    },
  );

  it('is paged, and is neither seen nor acted on by anybody else', async () => {
    await many(3);
    const { previewId } = (await previewOf({})).body;
    const first = await service.get('approver', `bulk-previews/${previewId}/items?limit=2`);
    const second = await service.get(
      'approver',
      `bulk-previews/${previewId}/items?limit=2&cursor=${first.body.nextCursor}`,
    );
    expect([first.body.items.length, second.body.items.length, second.body.nextCursor]).toEqual([2, 1, null]);
    expect(first.body.items[0]).toMatchObject({ ordinal: 1, declarationVersion: '1', changed: false });
    expect((await service.get('second', `bulk-previews/${previewId}`)).status).toBe(404);
    expect((await bulk({ previewId }, 'second')).body.code).toBe('UNKNOWN_BULK_PREVIEW');
  });
});

describe('a bulk of a preview', () => {
  it('refuses one by one what has changed since, and signs the rest', async () => {
    const [first, changed, third] = await declared({}, {}, {});
    const { previewId } = (await previewOf({})).body;
    await service.topics.publish([
      newEvent(DeclarationDeclaredV1, {
        declaration: { ...changed!, declarationVersion: 2, revision: 4 },
        fact: fact(),
      }),
    ]);
    await eventually(async () => {
      const { body } = await service.get('approver', `bulk-previews/${previewId}/items`);
      return body.items.some((item: { changed: boolean }) => item.changed);
    }, SOON);
    const { status, body } = await bulk({ previewId });
    expect(status).toBe(202);
    expect(await signed(body.bulkId)).toMatchObject({ items: 3, pending: 2, refused: 1 });
    const [refused] = await itemsOf(body.bulkId, '&state=refused');
    expect(refused).toMatchObject({ declarationId: changed!.declarationId, code: 'VERSION_SUPERSEDED' });

    // What declaration-workflow answers is what each item ends with.
    const pending: { declarationId: string; approvalId: string }[] = await itemsOf(
      body.bulkId,
      '&state=pending',
    );
    const of = (d: DeclarationState) => pending.find((item) => item.declarationId === d.declarationId)!;
    await service.topics.publish([
      newEvent(DeclarationApprovedV1, {
        declaration: { ...first!, status: 'AWAITING_FINANCE_APPROVAL', revision: 3 },
        fact: fact(of(first!).approvalId),
      }),
      newEvent(ApprovalRefusedV1, {
        approvalId: of(third!).approvalId,
        declarationId: third!.declarationId,
        declarationVersion: 1,
        stage,
        code: 'ON_HOLD',
        words: 'It is on hold.',
        revision: 2,
      }),
    ]);
    const stream = await service.get('approver', `bulk-approvals/${body.bulkId}/events`);
    expect(stream.body).toMatch(/event: ended\ndata: .*"applied":1,"refused":2/);
    expect(await progress(body.bulkId)).toMatchObject({ pending: 0, applied: 1, refused: 2 });
  });

  it.each([
    ['of nothing', 'BULK_EMPTY', 422, {}, ''],
    ['of the other stage', 'BULK_PREVIEW_OTHER_STAGE', 409, { stage: 'finance' }, ''],
    ['that is too old', 'BULK_PREVIEW_EXPIRED', 410, {}, 'UPDATE bulk_preview SET expires_at = made_at'],
  ])('%s is refused', async (_, code, status, body, sql) => {
    const { previewId } = (await previewOf({})).body;
    if (sql) await service.database.query(sql);
    expect(await bulk({ previewId, ...body })).toMatchObject({ status, body: { code } });
  });
});

describe('a bulk', () => {
  it('can refuse, with one reason for all', async () => {
    const [one, two] = await declared({}, {});
    expect((await bulk({ items: all([one!]), decision: 'refuse' })).body.code).toBe('REASON_MISSING');
    expect((await bulk({ items: all([one!]), reason: 'Too high.' })).body.faults).toEqual([
      { at: 'reason', detail: 'belongs to refusing only' },
    ]);
    const { body } = await bulk({
      items: all([one!, two!]),
      decision: 'refuse',
      reason: 'The counts are higher than the registers.',
    });
    expect(await signed(body.bulkId)).toMatchObject({ decision: 'refuse', pending: 2 });
    const events = await eventually(() => {
      const found = approvals.filter((event) => event.data.bulkId === body.bulkId);
      return found.length === 2 && found;
    }, SOON);
    expect(events[0]).toMatchObject({
      type: 'approval.stage-refused.v1',
      data: { reason: 'The counts are higher than the registers.' },
    });
  });

  it('refuses items of other commissioners, unknown and own ones by themselves', async () => {
    const [mine, foreign, own] = await declared({}, { commissionerCode: 'XQB' }, { declaredBy: 'approver' });
    const { body } = await bulk({ items: all([mine!, foreign!, aDeclaration(), own!]) });
    await signed(body.bulkId);
    const items = await itemsOf(body.bulkId);
    expect(items.map((item: { code: string | null }) => item.code)).toEqual([
      null,
      'UNKNOWN_DECLARATION',
      'UNKNOWN_DECLARATION',
      'SAME_PERSON',
    ]);
  });

  it('signs a declaration that it repeats by its first item and refuses the others by themselves', async () => {
    const [once, twice] = await declared({}, {});
    const [item] = all([twice!]);
    const { status, body } = await bulk({
      items: [
        item,
        ...all([once!]),
        { ...item, declarationId: item!.declarationId.toUpperCase() },
        { ...item, declarationVersion: '2' },
      ],
    });
    expect(status).toBe(202);
    expect(await signed(body.bulkId)).toMatchObject({ items: 4, pending: 2, refused: 2 });
    const items = await itemsOf(body.bulkId);
    expect(items.map((one: { state: string; code: string }) => [one.state, one.code])).toEqual([
      ['pending', null],
      ['pending', null],
      ['refused', 'ITEM_REPEATED'],
      ['refused', 'ITEM_REPEATED'],
    ]);
    expect(items[2].words).toContain('twice');
    const { rows } = await service.database.query(
      'SELECT count(*)::int AS n FROM signature WHERE bulk_id = $1',
      [body.bulkId],
    );
    expect(rows[0].n).toBe(2);
  });

  it.each([
    ['nothing at all', () => ({})],
    ['an empty list', () => ({ items: [] })],
    ['10,001 items', () => ({ items: all(Array.from({ length: 10_001 }, () => aDeclaration())) })],
    ['items and a preview', () => ({ items: all([aDeclaration()]), previewId: uuidV7() })],
    ['an item without its version', () => ({ items: [{ declarationId: uuidV7() }] })],
    ['items that are null', () => ({ items: null })],
    ['a preview that is null', () => ({ previewId: null })],
    ['a decision that is null', () => ({ items: all([aDeclaration()]), decision: null })],
    ['a NUL in a reason', () => ({ items: all([aDeclaration()]), decision: 'refuse', reason: 'seen\0' })],
    [
      'a reason that is too long',
      () => ({
        items: all([aDeclaration()]),
        decision: 'refuse',
        reason: 'x'.repeat(1_001),
      }),
    ],
  ])('with %s is refused before anything is recorded', async (_, body) => {
    const count = async () =>
      (await service.database.query('SELECT count(*)::int AS n FROM bulk_approval')).rows[0].n;
    const before = await count();
    const { status } = await bulk(body());
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(await count()).toBe(before);
  });

  it('with the same key is recorded once, with another body refused', async () => {
    const [one, two] = await declared({}, {});
    const key = { 'idempotency-key': uuidV7() };
    const first = await bulk({ items: all([one!]) }, 'approver', key);
    const again = await bulk({ items: all([one!]) }, 'approver', key);
    expect([again.status, again.body.bulkId]).toEqual([202, first.body.bulkId]);
    expect((await bulk({ items: all([two!]) }, 'approver', key)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('is seen by nobody else', async () => {
    const { body } = await bulk({ items: all(await declared({})) });
    for (const path of ['', '/items', '/events'])
      expect((await service.get('second', `bulk-approvals/${body.bulkId}${path}`)).status).toBe(404);
    expect((await service.post('second', `bulk-approvals/${body.bulkId}/cancel`)).status).toBe(404);
    expect((await service.get('approver', 'bulk-approvals?limit=1')).body.items[0].bulkId).toBe(body.bulkId);
  });

  it('that is cancelled keeps the signatures that were given and gives no more', async () => {
    const declarations = await many(2_000);
    // Both lanes are at their first chunk when it comes, which takes its turn after them.
    const somebody = await service.database.connect();
    await somebody.query('BEGIN');
    await somebody.query('SELECT FROM approval_task WHERE declaration_id = ANY($1) FOR UPDATE', [
      declarations.slice(0, 2).map((d) => d.declarationId),
    ]);
    const { body } = await bulk({ items: all(declarations) });
    await eventually(async () => (await waitingStatements(service.database, 'transactionid')) === 2, SOON);
    const cancelling = service.post('approver', `bulk-approvals/${body.bulkId}/cancel`);
    await eventually(async () => (await waitingStatements(service.database, 'advisory')) === 1, SOON);
    await somebody.query('COMMIT');
    somebody.release();
    const cancelled = await cancelling;
    expect(cancelled.status).toBe(200);
    expect(cancelled.body).toMatchObject({ queued: 0, refused: 0 });
    expect(cancelled.body.pending).toBeGreaterThan(0);
    expect(cancelled.body.cancelled).toBeGreaterThan(0);
    expect(cancelled.body.pending + cancelled.body.cancelled).toBe(2_000);
    const [item] = await itemsOf(body.bulkId, '&state=cancelled');
    expect(item).toMatchObject({ code: 'CANCELLED', approvalId: null });
    const { rows } = await service.database.query(
      'SELECT count(*)::int AS n FROM signature WHERE bulk_id = $1',
      [body.bulkId],
    );
    expect(rows[0].n).toBe(cancelled.body.pending);
    // What was left can be signed in another.
    const rest = await bulk({ previewId: (await previewOf({})).body.previewId });
    expect((await signed(rest.body.bulkId)).pending).toBe(cancelled.body.cancelled);
  });

  it('is signed once, also where something fails with one of its items', async () => {
    const declarations = await many(600);
    const broken = declarations[300]!.declarationId;
    await service.database.query(
      `CREATE FUNCTION refuse_broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.declaration_id = '${broken}' THEN RAISE 'broken'; END IF; RETURN NEW; END $$;
       CREATE TRIGGER refuse_broken BEFORE INSERT ON signature FOR EACH ROW EXECUTE FUNCTION refuse_broken()`,
    );
    const { body } = await bulk({ items: all(declarations) });
    expect(await signed(body.bulkId)).toMatchObject({ pending: 599, refused: 1 });
    await service.database.query('DROP FUNCTION refuse_broken CASCADE');
    expect((await itemsOf(body.bulkId, '&state=refused'))[0]).toMatchObject({
      declarationId: broken,
      code: 'ITEM_FAILED',
    });
  });
});
