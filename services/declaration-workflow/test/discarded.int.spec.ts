import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newEvent,
  PaymentAcknowledgedV1,
  PaymentReleaseRequestedV1,
  PaymentReturnedV1,
  PaymentSealedV1,
  uuidV7,
  type EventOf,
  type NewEvent,
  type TopicName,
} from '@attest/contracts';
import { whileHistoryFails } from './failing-history.js';
import { calculated, DATE, notApplicable, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
const BARRIER = uuidV7();
const WHY = 'It stops its declaration, and cannot be repaired.';

beforeAll(async () => {
  world = await startWorld({ LOG_LEVEL: 'silent' });
  await world.tell(servicePublished('XGIVE'), servicePublished('XGIV2'));
  await world.service.database.query(
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at, status)
     VALUES ($1, 'release', 'payment-export', now(), now() + interval '1 hour', 'passed')`,
    [BARRIER],
  );
}, 90_000);
afterAll(() => world?.service.close());

async function declaredBy(organisationCode: string, serviceCode = 'XGIVE'): Promise<string> {
  await world.tell(calculated({ serviceCode, organisationCode }));
  const { declaration_id: id } = await world.declarationOf(serviceCode, organisationCode);
  expect((await world.declare(id)).status).toBe(200);
  return id;
}
async function approvedOf(organisationCode: string, serviceCode?: string): Promise<string> {
  const id = await declaredBy(organisationCode, serviceCode);
  await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
  await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
  return id;
}

const parked = (topic: TopicName, key: string) =>
  soon(async () => {
    const { rowCount } = await world.service.database.query(
      `SELECT FROM blocked_key WHERE topic = $1 AND key = $2`,
      [topic, key],
    );
    return rowCount === 1;
  });
/** It cannot be applied while this lasts, whatever it says. */
const dies = (id: string, event: NewEvent) =>
  whileHistoryFails(world, id, 'data', async () => {
    await world.tell(event);
    await parked(event.definition.topic, id);
  });
const discard = async (topic: TopicName, key: string) =>
  (
    await world.service.post('operator', 'operations/dead-letters/replay', {
      topic,
      key,
      discard: true,
      reason: WHY,
    })
  ).body;
const answerTo = (id: string, type: string) =>
  soon(() => world.told.findLast((event) => event.key === id && event.type === type));
const approvalVersionOf = async (id: string): Promise<number> => {
  const { rows } = await world.service.database.query(
    'SELECT approval_version::int AS n FROM declaration WHERE declaration_id = $1',
    [id],
  );
  return rows[0].n;
};

describe('a signature that an operator gives up', () => {
  it('is refused, which says so, and who did it and why stands in the history', async () => {
    const id = await declaredBy('X00001');
    const signature = signed(id, 'commissioner', 'approver');
    await dies(id, signature);
    expect(await discard('approvals', id)).toMatchObject({ discarded: 1, failed: [] });
    const { approvalId } = signature.data as { approvalId: string };
    expect((await answerTo(id, 'approval.refused.v1')).data).toMatchObject({
      approvalId,
      code: 'EVENT_DISCARDED',
      words: expect.stringContaining(WHY),
      approvalVersion: 1,
    });
    const { rows } = await world.service.database.query(
      `SELECT person_id, code, reason, approval_id FROM declaration_history
        WHERE declaration_id = $1 AND action = 'record-change'`,
      [id],
    );
    expect(rows).toEqual([
      { person_id: 'operator', code: 'EVENT_DISCARDED', reason: WHY, approval_id: null },
    ]);
    // The same comes again, as after a rewind: it stays refused, and the next one is applied.
    await world.tell({ ...signature, id: uuidV7() });
    await world.tell(signed(id, 'commissioner', 'second', { approvalVersion: 2 }));
    await world.byId(id, (row) => row.status === 'AWAITING_FINANCE_APPROVAL');
    expect(world.told.filter(({ key, type }) => key === id && type === 'approval.refused.v1')).toHaveLength(
      1,
    );
  });

  it.each([
    ['with the headers of a signature', { type: 'approval.signed.v1', version: 1 }],
    ['without headers', undefined],
  ])('is refused by its number where it has no value, %s', async (what, headers) => {
    const id = await declaredBy(headers ? 'X00002' : 'X00003');
    await world.service.topics.publishEmpty('approvals', id, headers);
    await parked('approvals', id);
    expect(await discard('approvals', id)).toMatchObject({ discarded: 1, failed: [] });
    expect((await answerTo(id, 'approval.discarded.v1')).data).toMatchObject({
      declarationId: id,
      approvalVersion: 1,
      code: 'EVENT_DISCARDED',
    });
    expect(await approvalVersionOf(id)).toBe(1);
    // What was signed meanwhile under that number is refused here, too: nobody takes it for applied.
    await world.tell(signed(id, 'commissioner', 'approver'));
    expect((await answerTo(id, 'approval.refused.v1')).data).toMatchObject({
      code: 'SIGNATURE_OUT_OF_ORDER',
    });
    await world.tell(signed(id, 'commissioner', 'approver', { approvalVersion: 2 }));
    await world.byId(id, (row) => row.status === 'AWAITING_FINANCE_APPROVAL');
  });

  it('is answered behind the signature that waited for it', async () => {
    const id = await declaredBy('X00004');
    await world.service.topics.publishEmpty('approvals', id);
    await parked('approvals', id);
    await world.tell(signed(id, 'commissioner', 'approver'));
    await soon(
      async () =>
        (await world.service.database.query('SELECT FROM parked_event WHERE key = $1', [id])).rowCount === 1,
    );
    expect(await discard('approvals', id)).toMatchObject({ discarded: 1, applied: 1, failed: [] });
    await answerTo(id, 'approval.discarded.v1');
    const answers = world.told.filter(
      ({ key, type }) => key === id && /approval\.discarded|declaration\.approved/.test(type),
    );
    expect(answers.map(({ type }) => type)).toEqual(['declaration.approved.v1', 'approval.discarded.v1']);
    expect(answers[1]!.data.approvalVersion).toBe(2);
  });

  it('gives up a key of no declaration without a word', async () => {
    for (const key of ['nobody', uuidV7()]) {
      await world.service.topics.publishEmpty('approvals', key);
      await parked('approvals', key);
      expect(await discard('approvals', key)).toMatchObject({ discarded: 1, failed: [] });
    }
  });
});

const request = (
  id: string,
  runId: string,
  paymentVersion: number,
  changes: Partial<EventOf<typeof PaymentReleaseRequestedV1>> = {},
): NewEvent =>
  newEvent(PaymentReleaseRequestedV1, {
    declarationId: id,
    declarationVersion: 1,
    attempt: 1,
    runId,
    paymentVersion,
    barrierId: BARRIER,
    requestedAt: '2026-09-01T17:00:00Z',
    ...changes,
  }) as unknown as NewEvent;
const sealed = (id: string, runId: string, paymentVersion: number): NewEvent =>
  newEvent(PaymentSealedV1, {
    declarationId: id,
    declarationVersion: 1,
    attempt: 1,
    runId,
    paymentVersion,
    fileName: 'XPAY-2026-08.csv',
    lineNumber: 1,
    agencyCode: 'XPAY',
    pence: '10060',
    sealedAt: '2026-09-01T17:01:00Z',
    payOn: '2026-09-20',
  }) as unknown as NewEvent;
const acknowledged = (id: string, runId: string, paymentVersion: number): NewEvent =>
  newEvent(PaymentAcknowledgedV1, {
    declarationId: id,
    declarationVersion: 1,
    attempt: 1,
    runId,
    paymentVersion,
    acknowledgedAt: '2026-09-20T09:00:00Z',
    fileName: 'XPAY-2026-08.csv',
    lineNumber: 1,
    agencyCode: 'XPAY',
    pence: '10060',
  }) as unknown as NewEvent;
/** Confirmed for a run, and what became of its line so far. */
async function paidWith(
  serviceCode: string,
  organisationCode: string,
  facts: readonly ((id: string, runId: string, paymentVersion: number) => NewEvent)[],
): Promise<string> {
  const id = await approvedOf(organisationCode, serviceCode);
  const run = uuidV7();
  await world.tell(request(id, run, 1), ...facts.map((fact, n) => fact(id, run, n + 2)));
  return id;
}

describe('a request to confirm that an operator gives up', () => {
  it('is refused for the run that asked, and the next run is answered as ever', async () => {
    const id = await approvedOf('X00005');
    const [run, next] = [uuidV7(), uuidV7()];
    await dies(id, request(id, run, 1));
    expect(await discard('payments', id)).toMatchObject({ discarded: 1, failed: [] });
    const answer = await answerTo(id, 'declaration.confirm-refused.v1');
    expect(answer.data).toMatchObject({
      declaration: { status: 'FINANCIALLY_APPROVED', runId: run, paymentVersion: 1 },
      fact: { code: 'EVENT_DISCARDED', personId: 'operator', reason: WHY },
    });
    await world.tell(request(id, next, 2));
    await world.byId(id, (row) => row.status === 'RELEASING');
  });
});

describe('a request to confirm what nobody knows here', () => {
  it('can be given up, and nobody is answered', async () => {
    const unknown = uuidV7();
    await world.tell(request(unknown, uuidV7(), 1));
    await parked('payments', unknown);
    expect(await discard('payments', unknown)).toMatchObject({ discarded: 1, failed: [] });
    expect(world.told.filter(({ key }) => key === unknown)).toEqual([]);
  });
});

describe('what became of a line', () => {
  it('is not given up while its declaration waits for it, and can be replayed', async () => {
    const id = await approvedOf('X00006');
    const run = uuidV7();
    await world.tell(request(id, run, 1));
    await world.byId(id, (row) => row.status === 'RELEASING');
    await dies(id, sealed(id, run, 2));
    expect(await discard('payments', id)).toMatchObject({
      discarded: 0,
      failed: [{ key: id, code: 'PAYMENT_FACT_NEEDED' }],
    });
    await world.service.post('operator', 'operations/dead-letters/replay', {
      topic: 'payments',
      key: id,
      reason: 'Repaired.',
    });
    await world.byId(id, (row) => row.status === 'SENT_TO_AGENCY');
  });

  it.each([
    ['RELEASING', 'X00001', []],
    ['SENT_TO_AGENCY', 'X00002', [sealed]],
  ] as const)(
    'is not given up while its declaration is %s where not even its headers can be read',
    async (status, organisationCode, facts) => {
      const id = await paidWith('XGIV2', organisationCode, facts);
      await world.byId(id, (row) => row.status === status);
      await world.service.topics.publishEmpty('payments', id);
      await parked('payments', id);
      expect((await discard('payments', id)).failed).toMatchObject([
        { key: id, code: 'PAYMENT_FACT_NEEDED' },
      ]);
    },
  );

  it.each([
    ['with the headers of a return', 'X00003', { type: PaymentReturnedV1.type, version: 4 }],
    ['without headers', 'X00004', undefined],
  ])(
    'is not given up once it is paid, %s, because the credit may have come back',
    async (what, organisationCode, headers) => {
      const id = await paidWith('XGIV2', organisationCode, [sealed, acknowledged]);
      await world.byId(id, (row) => row.status === 'PAID');
      await world.service.topics.publishEmpty('payments', id, {
        type: PaymentAcknowledgedV1.type,
        version: 3,
      });
      await parked('payments', id);
      expect(await discard('payments', id)).toMatchObject({ discarded: 1, failed: [] });
      await world.service.topics.publishEmpty('payments', id, headers);
      await parked('payments', id);
      expect(await discard('payments', id)).toMatchObject({
        discarded: 0,
        failed: [{ key: id, code: 'PAYMENT_FACT_NEEDED' }],
      });
    },
  );

  it('is given up where it speaks of another line, or says again what is known', async () => {
    const id = await approvedOf('X00007');
    const run = uuidV7();
    await world.tell(request(id, run, 1), sealed(id, uuidV7(), 2));
    await parked('payments', id);
    expect(await discard('payments', id)).toMatchObject({ discarded: 1, failed: [] });
    await world.service.topics.publishEmpty('payments', id, { type: PaymentSealedV1.type, version: 1 });
    await parked('payments', id);
    expect(await discard('payments', id)).toMatchObject({ discarded: 1, failed: [] });
    await world.tell(sealed(id, run, 2));
    await world.byId(id, (row) => row.status === 'SENT_TO_AGENCY');
  });
});

describe('a run of a payment-export whose database was restored', () => {
  it('is told the number that is known, once, and is answered when it asks above it', async () => {
    const id = await approvedOf('X00008');
    const [before, after] = [uuidV7(), uuidV7()];
    await world.tell(request(id, before, 3, { declarationVersion: 9 }));
    await soon(() => world.events(id).includes('confirm-refused'));
    const restored = request(id, after, 1);
    await world.tell(restored, { ...restored, id: uuidV7() });
    const answer = await soon(() =>
      world.told.findLast(({ key, data }) => key === id && data.fact?.code === 'PAYMENT_OUT_OF_ORDER'),
    );
    expect(answer.data.declaration).toMatchObject({ runId: after, paymentVersion: 3 });
    await world.tell(request(id, after, 4));
    await world.byId(id, (row) => row.status === 'RELEASING');
    expect(
      world.told.filter(({ key, data }) => key === id && data.fact?.code === 'PAYMENT_OUT_OF_ORDER'),
    ).toHaveLength(1);
    // What was answered comes again, as after a rewind, and nothing happens.
    await world.tell(request(id, before, 3, { declarationVersion: 9 }), request(id, after, 4));
    await world.tell(sealed(id, after, 5));
    await world.byId(id, (row) => row.status === 'SENT_TO_AGENCY');
    expect(world.events(id).filter((type) => type.startsWith('confirm'))).toEqual([
      'confirm-refused',
      'confirm-refused',
      'confirmed',
    ]);
  });
});

describe('figures', () => {
  it('are not given up before their declaration has seen newer ones, which may wait behind them', async () => {
    const who = { serviceCode: 'XGIVE', organisationCode: 'X00009' };
    const key = `XGIVE|${DATE}|X00009`;
    await world.tell(calculated(who));
    const { declaration_id: id } = await world.declarationOf('XGIVE', 'X00009');
    const broken = calculated({ ...who, figureRevision: 2 });
    (broken.data as { pence: unknown }).pence = 'a lot';
    await world.tell(broken);
    await parked('achievements', key);
    expect(await discard('achievements', key)).toMatchObject({
      discarded: 0,
      failed: [{ key, code: 'FIGURES_NEEDED' }],
    });
    expect((await world.declare(id)).body.code).toBe('UPSTREAM_EVENT_PARKED');

    await world.tell(calculated({ ...who, figureRevision: 3, pence: '20120' }));
    await soon(
      async () =>
        (await world.service.database.query('SELECT FROM parked_event WHERE key = $1', [key])).rowCount === 1,
    );
    expect(await discard('achievements', key)).toMatchObject({ discarded: 1, applied: 1, failed: [] });
    await world.byId(id, (row) => row.pence === '20120');
    // A record without a value that says nothing new can go.
    await world.service.topics.publishEmpty('achievements', key, {
      type: 'achievement.calculated.v1',
      version: 3,
    });
    await parked('achievements', key);
    expect(await discard('achievements', key)).toMatchObject({ discarded: 1, failed: [] });
  });

  it('are not given up where they are the first of their achievement, also where only its key can be read', async () => {
    const who = { serviceCode: 'XGIV2', organisationCode: 'X00005' };
    const key = `XGIV2|${DATE}|X00005`;
    await world.service.topics.publishEmpty('achievements', key);
    await parked('achievements', key);
    expect(await discard('achievements', key)).toMatchObject({
      discarded: 0,
      failed: [{ key, code: 'FIGURES_NEEDED' }],
    });
    await world.tell(calculated({ ...who, figureRevision: 2 }));
    await soon(
      async () =>
        (await world.service.database.query('SELECT FROM parked_event WHERE key = $1', [key])).rowCount === 1,
    );
    expect(await discard('achievements', key)).toMatchObject({ discarded: 1, applied: 1, failed: [] });
    await world.declarationOf('XGIV2', 'X00005');
  });

  it('are not given up where they may open again what lapsed for want of anything to pay', async () => {
    const who = { serviceCode: 'XGIV2', organisationCode: 'X00006' };
    const key = `XGIV2|${DATE}|X00006`;
    await world.tell(calculated(who), notApplicable({ ...who, figureRevision: 2 }));
    await world.declarationOf('XGIV2', 'X00006', (row) => row.status === 'LAPSED');
    const empty = async (version: number) => {
      const headers = { type: 'achievement.calculated.v1', version };
      await world.service.topics.publishEmpty('achievements', key, headers);
      await parked('achievements', key);
      return discard('achievements', key);
    };
    expect(await empty(2)).toMatchObject({ discarded: 1, failed: [] });
    expect(await empty(3)).toMatchObject({ discarded: 0, failed: [{ key, code: 'FIGURES_NEEDED' }] });
  });
});
