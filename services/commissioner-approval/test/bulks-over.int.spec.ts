import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BusinessClockMovedV1,
  DeclarationApprovedV1,
  DeclarationDeclaredV1,
  newEvent,
  type DeclarationState,
} from '@attest/contracts';
import { eventually, startServiceUnderTest, type ServiceUnderTest } from '@attest/testing';
import { commissionerApproval } from '../src/index.js';
import { aDeclaration, fact } from './a-declaration.js';

let service: ServiceUnderTest;
let moves = 0;
const SOON = { withinMs: 40_000, everyMs: 20 };
const DAY_MS = 24 * 3_600_000;

beforeAll(async () => {
  service = await startServiceUnderTest(commissionerApproval, {
    LOG_LEVEL: 'silent',
    EVENT_STREAMS_MOST: '2',
  });
  await service.know(
    [{ code: 'XQA', kind: 'commissioner' }],
    [{ personId: 'approver', role: 'APPROVAL_MANAGEMENT', organisationCode: 'XQA' }],
  );
});
afterAll(() => service?.close());

const moveClock = (days: number) =>
  service.topics.publish([
    newEvent(BusinessClockMovedV1, {
      offsetMs: days * DAY_MS,
      movedAt: new Date().toISOString(),
      clockVersion: ++moves,
    }),
  ]);

async function declared(count: number): Promise<DeclarationState[]> {
  const declarations = Array.from({ length: count }, () => aDeclaration());
  await service.topics.publish(
    declarations.map((declaration) => newEvent(DeclarationDeclaredV1, { declaration, fact: fact() })),
  );
  await eventually(async () => {
    const { rowCount } = await service.database.query(
      'SELECT 1 FROM approval_task WHERE declaration_id = ANY($1)',
      [declarations.map((d) => d.declarationId)],
    );
    return rowCount === count;
  }, SOON);
  return declarations;
}

const look = (bulkId: string, path = '') => service.get('approver', `bulk-approvals/${bulkId}${path}`);

async function signed(declarations: readonly DeclarationState[]): Promise<string> {
  const { body } = await service.post('approver', 'bulk-approvals', {
    stage: 'commissioner',
    items: declarations.map(({ declarationId }) => ({ declarationId, declarationVersion: '1' })),
  });
  await eventually(async () => (await look(body.bulkId)).body.signedAt !== null, SOON);
  return body.bulkId as string;
}

/** declaration-workflow answers that these were applied. */
async function applied(declarations: readonly DeclarationState[]): Promise<void> {
  const { rows } = await service.database.query<{ declaration_id: string; approval_id: string }>(
    `SELECT declaration_id, approval_id FROM signature WHERE declaration_id = ANY($1) AND state = 'pending'`,
    [declarations.map((d) => d.declarationId)],
  );
  await service.topics.publish(
    rows.map(({ declaration_id, approval_id }) =>
      newEvent(DeclarationApprovedV1, {
        declaration: {
          ...declarations.find((d) => d.declarationId === declaration_id)!,
          status: 'AWAITING_FINANCE_APPROVAL',
          revision: 3,
        },
        fact: fact(approval_id),
      }),
    ),
  );
}

const rowOf = async (bulkId: string) =>
  (
    await service.database.query(
      `SELECT answered_at, applied, refused, cancelled,
              (SELECT count(*)::int FROM bulk_approval_item i WHERE i.bulk_id = b.bulk_id) AS kept
       FROM bulk_approval b WHERE bulk_id = $1`,
      [bulkId],
    )
  ).rows[0];
const answered = (bulkId: string) => eventually(async () => (await rowOf(bulkId)).answered_at !== null, SOON);

describe('streams of progress', () => {
  it('beyond as many as the process may hold open are refused, with words that say to poll', async () => {
    const declarations = await declared(1);
    const bulkId = await signed(declarations);
    const streams = [1, 2, 3].map(() => look(bulkId, '/events'));
    // Two wait for the answer.
    const refused = await Promise.race(streams);
    expect(refused).toMatchObject({ status: 503, body: { code: 'TOO_MANY_STREAMS' } });
    expect(refused.body.detail).toContain('GET');
    expect((await look(bulkId)).body).toMatchObject({ pending: 1 });
    await applied(declarations);
    const bodies = (await Promise.all(streams))
      .filter(({ status }) => status === 200)
      .map(({ body }) => body);
    expect(bodies).toHaveLength(2);
    for (const body of bodies) expect(body).toMatch(/event: ended\ndata: .*"applied":1/);
    expect((await look(bulkId, '/events')).status).toBe(200);
  });
});

describe('a bulk that is over', () => {
  it('has its counts on itself once its last item is answered, and not before', async () => {
    const declarations = await declared(4);
    const [last, ...others] = declarations;
    const bulkId = await signed([...declarations, aDeclaration()]);
    await applied(others);
    await eventually(async () => (await look(bulkId)).body.applied === 3, SOON);
    // Another bulk that is answered meanwhile says that the job has looked.
    const other = await declared(1);
    const otherId = await signed(other);
    await applied(other);
    await answered(otherId);
    expect(await rowOf(bulkId)).toMatchObject({ answered_at: null, applied: null });
    expect((await look(bulkId)).body).toMatchObject({ pending: 1, applied: 3, refused: 1 });

    await applied([last!]);
    await answered(bulkId);
    expect(await rowOf(bulkId)).toMatchObject({ applied: 4, refused: 1, cancelled: 0 });
  });

  it('is looked at without its items', async () => {
    const declarations = await declared(2);
    const bulkId = await signed(declarations);
    await applied(declarations);
    await answered(bulkId);
    const before = (await look(bulkId)).body;
    expect(before).toMatchObject({ items: 2, queued: 0, pending: 0, applied: 2, refused: 0, cancelled: 0 });
    await service.database.query('DELETE FROM bulk_approval_item WHERE bulk_id = $1', [bulkId]);
    expect((await look(bulkId)).body).toEqual(before);
    const [listed] = (await service.get('approver', 'bulk-approvals?limit=1')).body.items;
    expect(listed).toEqual(before);
    expect((await look(bulkId, '/events')).body).toMatch(/event: ended\ndata: .*"applied":2/);
  });

  it('that was cancelled is over when what was signed of it is answered', async () => {
    const declarations = await declared(1_200);
    const { body } = await service.post('approver', 'bulk-approvals', {
      stage: 'commissioner',
      items: declarations.map(({ declarationId }) => ({ declarationId, declarationVersion: '1' })),
    });
    const cancelled = await service.post('approver', `bulk-approvals/${body.bulkId}/cancel`);
    expect(cancelled.body.pending + cancelled.body.cancelled).toBe(1_200);
    await applied(declarations);
    await answered(body.bulkId);
    expect(await rowOf(body.bulkId)).toMatchObject({
      applied: cancelled.body.pending,
      refused: 0,
      cancelled: cancelled.body.cancelled,
    });
  });

  it('is forgotten with its items after 90 days; one that waits for an answer is not, nor is any signature', async () => {
    const [first, second] = [await declared(3), await declared(2)];
    const over = await signed(first);
    await applied(first);
    await answered(over);
    const pending = await signed(second);
    await service.post('approver', 'bulk-previews', { stage: 'commissioner' });
    const gone = async () => (await look(over)).status === 404;

    await moveClock(89);
    await eventually(
      async () => (await service.database.query('SELECT 1 FROM bulk_preview')).rowCount === 0,
      SOON,
    );
    expect(await rowOf(over)).toMatchObject({ kept: 3 });

    await moveClock(91);
    await eventually(gone, SOON);
    const { rows } = await service.database.query(
      `SELECT (SELECT count(*)::int FROM bulk_approval_item WHERE bulk_id = $1) AS items,
              (SELECT count(*)::int FROM signature WHERE bulk_id = $1 AND state = 'applied') AS signatures,
              (SELECT count(*)::int FROM signature_record WHERE bulk_id = $1) AS records`,
      [over],
    );
    expect(rows[0]).toEqual({ items: 0, signatures: 3, records: 6 });
    expect((await look(over)).body.code).toBe('UNKNOWN_BULK_APPROVAL');
    expect((await look(pending)).body).toMatchObject({ items: 2, pending: 2 });
    expect((await look(pending, '/items')).body.items).toHaveLength(2);

    // Answered late, it is kept from then on.
    await applied(second);
    await answered(pending);
    expect((await look(pending)).body).toMatchObject({ pending: 0, applied: 2 });
    await moveClock(0);
  });

  it('goes in chunks, the oldest first', async () => {
    const ids = async () =>
      (
        await service.database.query<{ n: number }>(
          `SELECT items AS n FROM bulk_approval WHERE person_id = 'somebody' ORDER BY answered_at`,
        )
      ).rows.map(({ n }) => n);
    const seen: number[][] = [[6_000, 4_000, 7_000, 5_000]];
    await service.database.query(
      `INSERT INTO bulk_approval (bulk_id, stage, person_id, requested_at, signed_at, items, answered_at, applied,
                                  refused, cancelled)
       SELECT gen_random_uuid(), 'commissioner', 'somebody', o.at, o.at, o.n, o.at, o.n, 0, 0
       FROM (SELECT n, now() - interval '200 days' + ordinality * interval '1 day' AS at
             FROM unnest(ARRAY[6000, 4000, 7000, 5000]) WITH ORDINALITY AS u(n)) o`,
    );
    await eventually(async () => {
      const left = await ids();
      if (seen.at(-1)?.length !== left.length) seen.push(left);
      return left.length === 0;
    }, SOON);
    expect(seen).toEqual([[6_000, 4_000, 7_000, 5_000], [7_000, 5_000], [5_000], []]);
  });
});
