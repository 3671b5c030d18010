import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newEvent,
  PaymentAcknowledgedV1,
  PaymentNettedV1,
  PaymentRejectedV1,
  PaymentReleaseRequestedV1,
  PaymentReturnedV1,
  PaymentSealedV1,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import { calculated, servicePublished, signed, stageRefused } from './neighbours.js';
import { soon, startWorld, type Row, type World } from './world.js';

let world: World;
const BARRIER = uuidV7();

beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    servicePublished('XADJ'),
    servicePublished('XBACK'),
    servicePublished('XQUEUE', {
      opensOn: '2020-01-01',
      deadline: '2020-01-24',
      cutOffAt: '2100-09-01T17:00:00Z',
    }),
    servicePublished('XPASSED', { opensOn: '2020-01-01', deadline: '2020-01-24' }),
  );
  await world.service.database.query(
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at, status)
     VALUES ($1, 'release', 'payment-export', now(), now() + interval '1 hour', 'passed')`,
    [BARRIER],
  );
});
afterAll(() => world?.service.close());

let paymentVersion = 0;
const told = (event: unknown): NewEvent => event as NewEvent;
const instruction = (declarationId: string, runId: string, declarationVersion: number) => ({
  declarationId,
  declarationVersion,
  attempt: 1,
  runId,
  paymentVersion: ++paymentVersion,
});
const request = (id: string, runId: string, version = 1) =>
  told(
    newEvent(PaymentReleaseRequestedV1, {
      ...instruction(id, runId, version),
      barrierId: BARRIER,
      requestedAt: '2026-09-01T17:00:00Z',
    }),
  );
const sealed = (id: string, runId: string, pence: string, version = 1) =>
  told(
    newEvent(PaymentSealedV1, {
      ...instruction(id, runId, version),
      fileName: 'XPAY-2026-08.csv',
      lineNumber: 1,
      agencyCode: 'XPAY',
      pence,
      sealedAt: '2026-09-01T17:01:00Z',
      payOn: '2026-09-20',
    }),
  );
const rejected = (id: string, runId: string) =>
  told(
    newEvent(PaymentRejectedV1, {
      ...instruction(id, runId, 1),
      fileName: 'XPAY-2026-08.csv',
      lineNumber: 1,
      agencyCode: 'XPAY',
      pence: '10060',
      rejectedAt: '2026-09-02T09:00:00Z',
      reasonCode: 'AC01',
      reason: 'The account is closed.',
    }),
  );
const line = { fileName: 'XPAY-2026-08.csv', lineNumber: 1, agencyCode: 'XPAY', pence: '2000' };
const paidThenReturned = (id: string, runId: string) => [
  told(
    newEvent(PaymentAcknowledgedV1, {
      ...instruction(id, runId, 1),
      ...line,
      acknowledgedAt: '2026-09-02T09:00:00Z',
    }),
  ),
  told(
    newEvent(PaymentReturnedV1, {
      ...instruction(id, runId, 1),
      ...line,
      returnedOn: '2026-09-23',
      recordedAt: '2026-09-24T09:00:00Z',
      reasonCode: 'ARUCS-B',
      reason: 'The account is closed.',
    }),
  ),
];
const netted = (id: string, runId: string, nettedPence: string, debtPence = '0') =>
  told(
    newEvent(PaymentNettedV1, {
      ...instruction(id, runId, 1),
      agencyCode: 'XPAY',
      nettedPence,
      debtPence,
      nettedAt: '2026-09-01T17:01:00Z',
    }),
  );

async function approve(id: string, revision: number, body = {}): Promise<Row> {
  const declared = await world.declare(id, body, 'declarer', revision);
  expect(declared.body.code).toBe('DECLARED');
  await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
  return world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
}

/** £100.60 was sent for this practice; then its figures changed. */
const shown = async (id: string) => (await world.service.get('approver', `declarations/${id}`)).body;

async function adjusted(organisationCode: string, pence: string, serviceCode = 'XADJ'): Promise<Row> {
  await world.tell(calculated({ serviceCode, organisationCode }));
  const { declaration_id: id } = await world.declarationOf(serviceCode, organisationCode);
  await approve(id, 1);
  const run = uuidV7();
  await world.tell(request(id, run), sealed(id, run, '10060'));
  await world.byId(id, (row) => row.status === 'SENT_TO_AGENCY');
  await world.tell(calculated({ serviceCode, organisationCode, figureRevision: 2, pence }));
  return world.declarationOf(serviceCode, organisationCode, undefined, 'adjustment');
}
const whyOf = async (id: string) => (await world.service.get('declarer', `declarations/${id}/why`)).body;

describe('an adjustment', () => {
  it('is declared, signed and paid with the run of the next period', async () => {
    const adjustment = await adjusted('X00001', '12060');
    expect(adjustment).toMatchObject({ pence: '2000', payment_period: '2026-08' });
    expect(await whyOf(adjustment.declaration_id)).toMatchObject({ code: 'ADJUSTMENT_NOT_DECLARED' });
    const approved = await approve(adjustment.declaration_id, 1);
    expect(approved.late).toBe(false);
    // The cut-off of its own period has passed, and no calendar here has a later one.
    expect(approved.payment_period > '2026-08').toBe(true);
    const run = uuidV7();
    await world.tell(request(adjustment.declaration_id, run), sealed(adjustment.declaration_id, run, '2000'));
    await world.byId(adjustment.declaration_id, (row) => row.status === 'SENT_TO_AGENCY');
    // The same result once more owes nothing more.
    await world.tell(
      calculated({ serviceCode: 'XADJ', organisationCode: 'X00001', figureRevision: 3, pence: '12060' }),
      calculated({ serviceCode: 'XADJ', organisationCode: 'X00001', figureRevision: 4, pence: '12560' }),
    );
    const next = await world.declarationOf(
      'XADJ',
      'X00001',
      (row) => row.declaration_id !== adjustment.declaration_id,
      'adjustment',
    );
    expect(next.pence).toBe('500');
  });

  it('beside a line that is corrected is not paid by that line a second time', async () => {
    const adjustment = await adjusted('X00008', '12060');
    await approve(adjustment.declaration_id, 1);
    const { declaration_id: id, run_id: runId } = await world.declarationOf('XADJ', 'X00008');
    const next = uuidV7();
    // One after the other: they come through different partitions, and an adjustment that was not sent would absorb the line.
    await world.tell(
      request(adjustment.declaration_id, next),
      sealed(adjustment.declaration_id, next, '2000'),
    );
    await world.byId(adjustment.declaration_id, (row) => row.status === 'SENT_TO_AGENCY');
    await world.tell(rejected(id, runId!));
    await world.byId(id, (row) => row.status === 'REJECTED_BY_AGENCY');
    const path = `declarations/${id}/corrections`;
    const reason = { reason: 'The payee gave a new account.' };
    const { body } = await world.service.post('approver', path, reason, await world.ifMatch(id));
    const { status, body: corrected } = await world.service.post(
      'second',
      `${path}/${body.correctionId}/confirm`,
      {},
      await world.ifMatch(id),
    );
    expect([status, corrected]).toMatchObject([200, { pence: '10060', attempt: 2 }]);
  });

  // At most one is open, also for the database: a second one would be parked for ever.
  it.each([
    ['returned', 'X00001', paidThenReturned],
    ['rejected', 'X00002', (id: string, run: string) => [rejected(id, run)]],
  ])('whose line is %s beside another that is open is absorbed by that one', async (_, code, lost) => {
    const { declaration_id: id } = await adjusted(code, '12060', 'XBACK');
    await approve(id, 1);
    const run = uuidV7();
    await world.tell(request(id, run), sealed(id, run, '2000'));
    await world.byId(id, (row) => row.status === 'SENT_TO_AGENCY');
    await world.tell(
      calculated({ serviceCode: 'XBACK', organisationCode: code, figureRevision: 3, pence: '12560' }),
    );
    const isAnother = (row: Row): boolean => row.declaration_id !== id;
    const other = await world.declarationOf('XBACK', code, isAnother, 'adjustment');
    expect(other.pence).toBe('500');
    await world.tell(...lost(id, run));
    expect(await world.byId(id, (row) => row.status === 'LAPSED')).toMatchObject({ status_code: 'ABSORBED' });
    expect((await world.byId(other.declaration_id, () => true)).pence).toBe('2500');
  });

  it('that is a recovery ends in its run, as a debt where nothing could bear it', async () => {
    const { declaration_id: id } = await adjusted('X00002', '8000');
    await approve(id, 1);
    const run = uuidV7();
    await world.tell(request(id, run), netted(id, run, '-2060', '2060'));
    expect(await world.byId(id, (row) => row.status === 'PAID')).toMatchObject({
      status_code: 'RECORDED_AS_DEBT',
    });
    await soon(() => world.events(id).at(-1) === 'netted');
    expect(await whyOf(id)).toMatchObject({ code: 'RECORDED_AS_DEBT', actsNext: 'nobody' });
  });

  it('is settled outside by two people of its commissioner, and the ledger hears of it', async () => {
    const { declaration_id: id } = await adjusted('X00003', '9000');
    const path = `declarations/${id}/settle-outside`;
    const propose = async (person: string, body: object = { note: 'Paid back by cheque.' }) =>
      world.service.post(person, path, body, await world.ifMatch(id));
    const bad: [string, object | undefined, number, string][] = [
      ['approver', {}, 400, 'REASON_MISSING'],
      ['approver', { note: 'x'.repeat(1001) }, 400, 'REASON_TOO_LONG'],
      ['foreigner', undefined, 404, 'UNKNOWN_DECLARATION'],
    ];
    for (const [person, body, status, code] of bad) {
      const answer = await propose(person, body);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    }
    expect((await propose('declarer')).status).toBe(403);
    const proposed = await propose('approver');
    expect(proposed.status).toBe(201);
    expect(proposed.body).toMatchObject({ pence: '-1060', declarationVersion: 1, proposedBy: 'approver' });
    expect((await propose('second')).body.code).toBe('SETTLEMENT_EXISTS');
    expect((await shown(id)).outsideSettlement).toMatchObject({
      settlementId: proposed.body.settlementId,
      note: 'Paid back by cheque.',
      pence: '-1060',
    });
    expect(proposed.headers.get('etag')).toBe((await world.ifMatch(id))['if-match']);
    const confirm = async (person: string, settlementId = proposed.body.settlementId) =>
      world.service.post(person, `${path}/${settlementId}/confirm`, {}, await world.ifMatch(id));
    expect((await confirm('approver')).body.code).toBe('SAME_PERSON');
    expect((await confirm('second', uuidV7())).body.code).toBe('SETTLEMENT_UNKNOWN');
    expect((await confirm('foreigner')).body.code).toBe('UNKNOWN_DECLARATION');
    expect((await confirm('second')).body).toMatchObject({ status: 'SETTLED_OUTSIDE' });
    const event = await soon(() =>
      world.told.find((one) => one.key === id && one.type === 'declaration.settled-outside.v1'),
    );
    expect(event.data.declaration).toMatchObject({ status: 'SETTLED_OUTSIDE', pence: '-1060' });
    expect(event.data.fact).toMatchObject({ personId: 'second', reason: 'Paid back by cheque.' });
    expect((await confirm('second')).body.code).toBe('ILLEGAL_TRANSITION');
    expect(await whyOf(id)).toMatchObject({ code: 'SETTLED_OUTSIDE' });
  });

  it('has a wrong proposal withdrawn with a reason, and another one proposed', async () => {
    const { declaration_id: id } = await adjusted('X00007', '9000');
    const path = `declarations/${id}/settle-outside`;
    const propose = async (note: string) =>
      world.service.post('approver', path, { note }, await world.ifMatch(id));
    const { settlementId } = (await propose('The wrong cheque.')).body;
    const withdraw = (body: object, person = 'second', which = settlementId as string) =>
      world.service.post(person, `${path}/${which}/withdraw`, body);
    expect((await withdraw({})).body.code).toBe('REASON_MISSING');
    expect((await withdraw({ reason: 'No.' }, 'foreigner')).body.code).toBe('UNKNOWN_DECLARATION');
    expect((await withdraw({ reason: 'No.' }, 'second', uuidV7())).body.code).toBe('SETTLEMENT_UNKNOWN');
    expect((await withdraw({ reason: 'It bounced.' })).status).toBe(200);
    expect((await withdraw({ reason: 'Again.' })).body.code).toBe('SETTLEMENT_UNKNOWN');
    const late = await world.service.post(
      'second',
      `${path}/${settlementId}/confirm`,
      {},
      await world.ifMatch(id),
    );
    expect(late.body.code).toBe('SETTLEMENT_UNKNOWN');
    expect((await shown(id)).outsideSettlement).toBeNull();
    expect((await propose('The right cheque.')).status).toBe(201);
    const { body } = await world.service.get('approver', `declarations/${id}/history`);
    expect(body.items.slice(-3)).toEqual([
      expect.objectContaining({ action: 'propose', personId: 'approver', reason: 'The wrong cheque.' }),
      expect.objectContaining({ action: 'withdraw-proposal', personId: 'second', reason: 'It bounced.' }),
      expect.objectContaining({ action: 'propose', code: 'SETTLEMENT_OUTSIDE', reason: 'The right cheque.' }),
    ]);
  });

  it('is not settled outside on a proposal for figures that have moved since', async () => {
    const { declaration_id: id } = await adjusted('X00004', '9000');
    const path = `declarations/${id}/settle-outside`;
    const proposed = { note: 'Agreed by letter.' };
    const { body } = await world.service.post('approver', path, proposed, await world.ifMatch(id));
    await world.tell(
      calculated({ serviceCode: 'XADJ', organisationCode: 'X00004', figureRevision: 3, pence: '9500' }),
    );
    await world.byId(id, (row) => row.pence === '-560');
    const confirm = `${path}/${body.settlementId}/confirm`;
    const confirmed = await world.service.post('second', confirm, {}, await world.ifMatch(id));
    expect(confirmed.body.code).toBe('SETTLEMENT_SUPERSEDED');
    expect((await world.byId(id, () => true)).status).toBe('AWAITING_PROVIDER_APPROVAL');
    const anew = { note: 'Agreed anew.' };
    expect((await world.service.post('second', path, anew, await world.ifMatch(id))).status).toBe(201);
  });

  it('is settled outside only by two people who both looked at what it owes now', async () => {
    const { declaration_id: id } = await adjusted('X00009', '9000');
    const path = `declarations/${id}/settle-outside`;
    const seen = await world.ifMatch(id);
    await world.tell(
      calculated({ serviceCode: 'XADJ', organisationCode: 'X00009', figureRevision: 3, pence: '5000' }),
    );
    await world.byId(id, (row) => row.pence === '-5060');
    const propose = (headers: Record<string, string>) =>
      world.service.post('approver', path, { note: 'Agreed.' }, headers);
    const unseen = await propose({});
    expect([unseen.status, unseen.body.code]).toEqual([428, 'IF_MATCH_MISSING']);
    const stale = await propose(seen);
    expect([stale.status, stale.body.code]).toEqual([412, 'STALE_VERSION']);
    const looked = await world.ifMatch(id);
    const { body } = await propose(looked);
    const confirm = (headers: Record<string, string>) =>
      world.service.post('second', `${path}/${body.settlementId}/confirm`, {}, headers);
    expect((await confirm({})).status).toBe(428);
    // What was looked at before the proposal stood.
    expect((await confirm(looked)).body.code).toBe('STALE_VERSION');
    expect((await confirm(await world.ifMatch(id))).body).toMatchObject({ status: 'SETTLED_OUTSIDE' });
  });

  it('alone is settled outside, an achievement is not', async () => {
    await world.tell(calculated({ serviceCode: 'XADJ', organisationCode: 'X00005' }));
    const { declaration_id: id } = await world.declarationOf('XADJ', 'X00005');
    const path = `declarations/${id}/settle-outside`;
    const answer = await world.service.post('approver', path, { note: 'No.' }, await world.ifMatch(id));
    expect([answer.status, answer.body.code]).toEqual([409, 'ONLY_ADJUSTMENTS_SETTLE_OUTSIDE']);
  });

  it('declared by the commissioner on behalf cannot be signed by the same person', async () => {
    const { declaration_id: id } = await adjusted('X00006', '11060');
    expect((await world.declare(id, {}, 'helper')).body.code).toBe('ON_BEHALF_REASON_MISSING');
    const declared = await world.declare(id, { onBehalfReason: 'The practice has closed.' }, 'helper');
    expect(declared.body.code).toBe('DECLARED');
    await world.tell(signed(id, 'commissioner', 'helper'));
    const refused = await soon(() =>
      world.told.find((one) => one.key === id && one.type === 'approval.refused.v1'),
    );
    expect(refused.data.code).toBe('SAME_PERSON');
    await world.tell(signed(id, 'commissioner', 'approver', { approvalVersion: 2 }));
    await world.byId(id, (row) => row.status === 'AWAITING_FINANCE_APPROVAL');
  });
});

describe('the late queue', () => {
  async function late(organisationCode: string, serviceCode = 'XQUEUE'): Promise<Row> {
    await world.tell(calculated({ serviceCode, organisationCode }));
    const { declaration_id: id } = await world.declarationOf(serviceCode, organisationCode);
    const answer = await world.declare(id, { lateReason: 'Their system was down.' });
    expect(answer.body).toMatchObject({ code: 'DECLARED', late: true });
    return world.byId(id, (row) => row.late);
  }
  const admit = (
    id: string,
    revision: number | string,
    body: object = { reason: 'The supplier failed.' },
    who = 'approver',
  ) =>
    world.service.post(who, `declarations/${id}/admit-late`, body, {
      'if-match': `"${revision}"`,
    });

  it('is what a commissioner admits from, to the run of its own period', async () => {
    const before = await late('X00007');
    const id = before.declaration_id;
    const queue = await world.service.get('approver', 'declarations?lateQueue=true&serviceCode=XQUEUE');
    expect(queue.body.items.map((d: { declarationId: string }) => d.declarationId)).toContain(id);
    const bad: [number | string, object, string, number, string][] = [
      [before.revision, {}, 'approver', 400, 'REASON_MISSING'],
      [before.revision, { reason: 'x'.repeat(1001) }, 'approver', 400, 'REASON_TOO_LONG'],
      [1, { reason: 'Stale.' }, 'approver', 412, 'STALE_VERSION'],
      [before.revision, { reason: 'Not mine.' }, 'foreigner', 404, 'UNKNOWN_DECLARATION'],
    ];
    for (const [revision, body, who, status, code] of bad) {
      const answer = await admit(id, revision, body, who);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    }
    expect((await admit(id, before.revision, { reason: 'No.' }, 'declarer')).status).toBe(403);
    const admitted = await admit(id, before.revision);
    expect([admitted.status, admitted.body]).toEqual([
      200,
      expect.objectContaining({ code: 'ADMITTED', paymentPeriod: '2026-08' }),
    ]);
    const event = await soon(() =>
      world.told.find((one) => one.key === id && one.type === 'declaration.late-admitted.v1'),
    );
    expect(event.data.declaration).toMatchObject({ late: false, paymentPeriod: '2026-08' });
    const again = await admit(id, admitted.body.revision as number);
    expect([again.status, again.body.code]).toEqual([409, 'NOT_IN_LATE_QUEUE']);
    const history = await world.service.get('approver', `declarations/${id}/history`);
    expect(history.body.items.at(-1)).toMatchObject({
      action: 'admit-late',
      personId: 'approver',
      reason: 'The supplier failed.',
    });
  });

  it('holds what waits in it, not what went back to its provider', async () => {
    const { declaration_id: id } = await late('X00006');
    const inQueue = async () => {
      const { body } = await world.service.get(
        'approver',
        'declarations?lateQueue=true&organisationCode=X00006',
      );
      return body.items.map((d: { declarationId: string }) => d.declarationId);
    };
    expect(await inQueue()).toEqual([id]);
    await world.tell(stageRefused(id, 'commissioner', 'approver'));
    const back = await world.byId(id, (row) => row.status === 'AWAITING_PROVIDER_APPROVAL');
    expect(back).toMatchObject({ late: false, payment_period: '2026-08' });
    expect(await inQueue()).toEqual([]);
  });

  it('is admitted from in bulk, with a result for each', async () => {
    const [one, other] = [await late('X00008'), await late('X00009')];
    const passed = await late('X00009', 'XPASSED');
    const items = [
      { declarationId: one.declaration_id, revision: Number(one.revision) },
      { declarationId: other.declaration_id, revision: 1 },
      { declarationId: uuidV7() },
      { declarationId: one.declaration_id },
      { declarationId: passed.declaration_id },
    ];
    const send = (body: object, who = 'approver') =>
      world.service.post(who, 'declarations/bulk-admit-late', body);
    expect((await send({ items })).body.code).toBe('REASON_MISSING');
    expect((await send({ items: [], reason: 'None.' })).status).toBe(400);
    const { status, body } = await send({ items, reason: 'The supplier failed.' });
    expect(status).toBe(207);
    expect(body).toMatchObject({ admitted: 1, refused: 4 });
    expect(body.items.map((item: { code: string }) => item.code)).toEqual([
      'ADMITTED',
      'STALE_VERSION',
      'UNKNOWN_DECLARATION',
      'ITEM_REPEATED',
      'CUT_OFF_PASSED',
    ]);
    const foreign = await send(
      { items: [{ declarationId: other.declaration_id }], reason: 'No.' },
      'foreigner',
    );
    expect(foreign.body.items[0].code).toBe('UNKNOWN_DECLARATION');
  });
});
