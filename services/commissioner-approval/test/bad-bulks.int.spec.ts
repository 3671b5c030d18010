import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '@attest/contracts';
import { itemsOf, leftIn, startApprovals, type ApprovalsWorld } from './approvals-world.js';

let world: ApprovalsWorld;
let item: { declarationId: string; declarationVersion: string };
/** Somebody else's. */
let bulkId: string;
let previewId: string;
const UNKNOWN = uuidV7();
const stage = 'commissioner';

beforeAll(async () => {
  world = await startApprovals();
  const tasks = itemsOf(await world.declared({ declarationVersion: 3 }, {}));
  item = tasks[0]!;
  bulkId = (await post('bulk-approvals', { stage, items: [tasks[1]] }, 'second')).body.bulkId;
  await world.signed('second', bulkId);
  previewId = (await post('bulk-previews', { stage }, 'second')).body.previewId;
}, 60_000);
afterAll(() => world?.service.close());

const post = (path: string, body: unknown, person = 'approver', key = uuidV7()) =>
  world.service.post(person, path, body, { 'idempotency-key': key });
async function isRefused(path: string, body: unknown, person?: string, key?: string) {
  const before = await leftIn(world);
  const answer = await post(path, body, person, key);
  expect(await leftIn(world)).toEqual(before);
  expect(answer.body.detail).toMatch(/\. .+\.$/);
  return answer;
}
async function isFaulty(path: string, body: unknown, at: string) {
  const answer = await isRefused(path, body);
  expect([answer.status, answer.body.code]).toEqual([400, 'REQUEST_FAULTY']);
  expect(answer.body.faults.length).toBeGreaterThan(0);
  for (const fault of answer.body.faults) expect(fault).toEqual({ at, detail: expect.any(String) });
}

describe('a bulk with bad input', () => {
  const bulk = () => 'bulk-approvals';
  const refusing = (reason: string) => () => ({ stage, items: [item], decision: 'refuse', reason });
  it.each<[string, number, string, () => string, () => unknown, string?]>([
    ['a stranger', 403, 'ROLE_MISSING', bulk, () => ({ stage, items: [item] }), 'nobody'],
    ['somebody who may only look', 403, 'ROLE_MISSING', bulk, () => ({ stage, items: [item] }), 'viewer'],
    ['an unknown preview', 404, 'UNKNOWN_BULK_PREVIEW', bulk, () => ({ stage, previewId: UNKNOWN })],
    ["somebody else's preview", 404, 'UNKNOWN_BULK_PREVIEW', bulk, () => ({ stage, previewId })],
    ['an empty reason', 400, 'REASON_MISSING', bulk, refusing('')],
    ['a blank reason', 400, 'REASON_MISSING', bulk, refusing(' \n ')],
    ['an over-long reason', 400, 'REASON_TOO_LONG', bulk, refusing('x'.repeat(1_001))],
    ['half a pair in a reason', 400, 'REASON_UNREADABLE', bulk, refusing('High \udc00.')],
    ['an NHS number in a reason', 422, 'PATIENT_IDENTIFIER_FOUND', bulk, refusing('943 476 5919')],
    ['an unknown bulk', 404, 'UNKNOWN_BULK_APPROVAL', () => `bulk-approvals/${UNKNOWN}/cancel`, () => ({})],
    [
      "somebody else's bulk",
      404,
      'UNKNOWN_BULK_APPROVAL',
      () => `bulk-approvals/${bulkId}/cancel`,
      () => ({}),
    ],
  ])(
    '(%s) is refused with %i %s, and leaves nothing',
    async (_, status, code, path, body, person = 'approver') => {
      const answer = await isRefused(path(), body(), person);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    },
  );

  it.each<[string, string, object]>([
    ...[undefined, null, 'king', ['commissioner']].map((other): [string, string, object] => [
      'stage',
      String(other),
      { stage: other },
    ]),
    ['decision', 'to wait', { decision: 'wait' }],
    ['personId', 'forged', { personId: 'second' }],
    ['forOrganisation', 'forged', { forOrganisation: 'XQB' }],
    ['bulkId', 'chosen', { bulkId: UNKNOWN }],
    ['items', 'no list', { items: { 0: item } }],
    ['items', 'of nulls', { items: [null] }],
    ['items', 'of lists', { items: [[]] }],
    ...(
      [
        { declarationId: undefined },
        { declarationId: null },
        { declarationId: 'A81001' },
        { declarationId: `${UNKNOWN}\0` },
        { declarationId: [UNKNOWN] },
        { declarationVersion: undefined },
        { declarationVersion: null },
        { declarationVersion: '' },
        { declarationVersion: '-1' },
        { declarationVersion: '1.5' },
        { declarationVersion: 1.5 },
        { declarationVersion: 1e21 },
        { declarationVersion: '9'.repeat(19) },
        { declarationVersion: { is: '3' } },
        { personId: 'second' },
        { approvalId: UNKNOWN },
        { tier: 'senior' },
      ] as object[]
    ).map((change): [string, string, object] => [
      'items',
      `with one of ${JSON.stringify(change)}`,
      { items: [{ declarationId: UNKNOWN, declarationVersion: '3', ...change }] },
    ]),
  ])('is told that its %s cannot be %s, and leaves nothing', async (at, _, body) => {
    await isFaulty('bulk-approvals', { stage, items: [item], ...body }, at);
  });

  it.each(['newest', '', 7, null, `${UNKNOWN}\0`])('of a preview called %j is refused', async (id) => {
    await isFaulty('bulk-approvals', { stage, previewId: id }, 'previewId');
  });

  it('cannot be cancelled for another', async () => {
    await isFaulty(`bulk-approvals/${bulkId}/cancel`, { personId: 'second' }, 'personId');
  });

  it('whose key comes again with another body is refused', async () => {
    const key = uuidV7();
    const body = { stage, items: [{ declarationId: UNKNOWN, declarationVersion: '1' }] };
    const given = await post('bulk-approvals', body, 'approver', key);
    await world.signed('approver', given.body.bulkId);
    for (const other of [
      { stage, items: [item] },
      { stage, previewId: UNKNOWN },
      { ...body, stage: 'finance' },
    ])
      expect(await isRefused('bulk-approvals', other, 'approver', key)).toMatchObject({
        status: 422,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      });
    const again = await post('bulk-approvals', body, 'approver', key);
    expect([again.status, again.body.bulkId]).toEqual([202, given.body.bulkId]);
  });
});

describe('a preview with bad input', () => {
  it.each(
    Object.entries({
      stage: [undefined, 'king', null],
      achievementDate: [
        '2026-02-30',
        '2026-13-01',
        '0000-01-01',
        '2026-2-3',
        '2026-07-31T00:00:00Z',
        '',
        null,
      ],
      paymentPeriod: ['2026-13', '2026-00', '2026', '2026-07\0', null],
      serviceCode: ['', 'xb', 'XB\0', 'X'.repeat(21), ['XB1'], null],
      organisationCode: ['X00001\0', "X'--", null],
      commissionerCode: ['XQA\0', 'qhm', null],
      kind: ['everything', null],
      held: ['true', 1, null],
      late: ['false', null],
      amountFromPence: ['1.5', '1e3', '£1', '9'.repeat(16), 1, null],
      amountToPence: ['', '0x10', null],
      personId: ['second'],
    } as Record<string, unknown[]>).flatMap(([at, values]) =>
      values.map((value): [string, string, object] => [
        at,
        JSON.stringify(value) ?? 'nothing',
        { [at]: value },
      ]),
    ),
  )('is told that its %s cannot be %s, and leaves nothing', async (at, _, filter) => {
    await isFaulty('bulk-previews', { stage, ...filter }, at);
  });

  it('whose key comes again with another body is refused', async () => {
    const key = uuidV7();
    const given = await post('bulk-previews', { stage }, 'approver', key);
    expect(await isRefused('bulk-previews', { stage, held: true }, 'approver', key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect((await post('bulk-previews', { stage }, 'approver', key)).body).toEqual(given.body);
  });
});
