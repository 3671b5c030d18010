import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newEvent,
  PaymentAcknowledgedV1,
  PaymentNotIncludedV1,
  PaymentRejectedV1,
  PaymentReleaseRequestedV1,
  PaymentRestatedV1,
  PaymentReturnedV1,
  PaymentSealedV1,
  uuidV7,
  type EventOf,
  type NewEvent,
} from '@attest/contracts';
import { calculated, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
const BARRIER = uuidV7();
const OPEN_BARRIER = uuidV7();

beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    servicePublished('XPAYS'),
    servicePublished('XLATE', { opensOn: '2020-01-01', deadline: '2020-01-24' }),
  );
  // As messaging leaves it when this service has passed a barrier, or has not yet.
  await world.service.database.query(
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at, status)
     VALUES ($1, 'release', 'payment-export', now(), now() + interval '1 hour', 'passed'),
            ($2, 'release', 'payment-export', now(), now() + interval '1 hour', 'waiting')`,
    [BARRIER, OPEN_BARRIER],
  );
});
afterAll(() => world?.service.close());

async function approvedDeclaration(
  organisationCode: string,
  serviceCode = 'XPAYS',
  body = {},
): Promise<string> {
  await world.tell(calculated({ serviceCode, organisationCode }));
  const { declaration_id: id } = await world.declarationOf(serviceCode, organisationCode);
  expect((await world.declare(id, body)).status).toBe(200);
  await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
  await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
  return id;
}

let paymentVersion = 0;
const told = (event: unknown): NewEvent => event as NewEvent;
const instruction = (declarationId: string, runId: string, attempt = 1, declarationVersion = 1) => ({
  declarationId,
  declarationVersion,
  attempt,
  runId,
  paymentVersion: ++paymentVersion,
});
const request = (
  id: string,
  runId: string,
  changes: Partial<EventOf<typeof PaymentReleaseRequestedV1>> = {},
) =>
  told(
    newEvent(PaymentReleaseRequestedV1, {
      ...instruction(id, runId),
      barrierId: BARRIER,
      requestedAt: '2026-09-01T17:00:00Z',
      ...changes,
    }),
  );
const line = { fileName: 'XPAY-2026-08.csv', lineNumber: 1, agencyCode: 'XPAY', pence: '10060' };
const sealed = (id: string, runId: string, attempt = 1) =>
  told(
    newEvent(PaymentSealedV1, {
      ...instruction(id, runId, attempt),
      ...line,
      sealedAt: '2026-09-01T17:01:00Z',
      payOn: '2026-09-20',
    }),
  );
const acknowledged = (id: string, runId: string, attempt = 1) =>
  told(
    newEvent(PaymentAcknowledgedV1, {
      ...instruction(id, runId, attempt),
      ...line,
      acknowledgedAt: '2026-09-02T09:00:00Z',
    }),
  );
const rejected = (id: string, runId: string) =>
  told(
    newEvent(PaymentRejectedV1, {
      ...instruction(id, runId),
      ...line,
      rejectedAt: '2026-09-02T09:00:00Z',
      reasonCode: 'AC01',
      reason: 'The account is closed.',
    }),
  );
const returned = (id: string, runId: string) =>
  told(
    newEvent(PaymentReturnedV1, {
      ...instruction(id, runId),
      ...line,
      returnedOn: '2026-09-23',
      recordedAt: '2026-09-24T09:00:00Z',
      reasonCode: 'ARUCS-B',
      reason: 'The account is closed.',
    }),
  );
const notIncluded = (id: string, runId: string) =>
  told(
    newEvent(PaymentNotIncludedV1, {
      ...instruction(id, runId),
      code: 'RUN_ABORTED',
      words: 'The barrier did not pass.',
      owedPence: null,
    }),
  );
const answerOf = (id: string, type: string) =>
  soon(() => world.told.findLast((event) => event.key === id && event.type === `declaration.${type}.v1`));

describe('a release run', () => {
  it('confirms, seals, and the agency pays', async () => {
    const id = await approvedDeclaration('X00001');
    const run = uuidV7();
    await world.tell(request(id, run));
    expect((await answerOf(id, 'confirmed')).data.declaration).toMatchObject({
      status: 'RELEASING',
      runId: run,
    });
    await world.tell(sealed(id, run), acknowledged(id, run));
    await world.byId(id, (row) => row.status === 'PAID');
    const { body } = await world.service.get('declarer', `declarations/${id}/why`);
    expect(body.code).toBe('PAID');
  });

  it('is refused what stands behind a barrier that was not passed here, and told which run asked', async () => {
    const id = await approvedDeclaration('X00002');
    const run = uuidV7();
    await world.tell(request(id, run, { barrierId: OPEN_BARRIER }));
    const answer = await answerOf(id, 'confirm-refused');
    expect(answer.data.fact.code).toBe('BARRIER_NOT_PASSED');
    expect(answer.data.declaration).toMatchObject({ status: 'FINANCIALLY_APPROVED', runId: run });
    expect((await world.byId(id, () => true)).run_id).toBeNull();
  });

  it('that ends without it makes it payable again', async () => {
    const id = await approvedDeclaration('X00003');
    const run = uuidV7();
    await world.tell(request(id, run), notIncluded(id, run));
    await answerOf(id, 'not-included');
    expect(await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED')).toMatchObject({
      run_id: null,
    });
  });

  it('opens an adjustment for figures that changed after the line was sealed', async () => {
    const id = await approvedDeclaration('X00004');
    const run = uuidV7();
    await world.tell(request(id, run), sealed(id, run));
    await world.byId(id, (row) => row.status === 'SENT_TO_AGENCY');
    await world.tell(
      calculated({ serviceCode: 'XPAYS', organisationCode: 'X00004', figureRevision: 2, pence: '8000' }),
    );
    const adjustment = await world.declarationOf('XPAYS', 'X00004', undefined, 'adjustment');
    expect(adjustment).toMatchObject({ status: 'AWAITING_PROVIDER_APPROVAL', pence: '-2060' });
    expect((await answerOf(id, 'needs-resolution')).data.fact.code).toBe('NOT_STOPPED_IN_TIME');
    const shown = await world.service.get('declarer', `declarations/${adjustment.declaration_id}`);
    expect(shown.body.result.pence).toBe('8000');
    expect(shown.body.previousResult.pence).toBe('10060');
  });

  it('leaves late declarations to the run of a later period', async () => {
    await world.tell(calculated({ serviceCode: 'XLATE', organisationCode: 'X00005' }));
    const { declaration_id: id } = await world.declarationOf('XLATE', 'X00005');
    expect((await world.declare(id)).body.code).toBe('LATE_REASON_MISSING');
    const late = await world.declare(id, { lateReason: 'The practice manager was away.' });
    expect(late.body).toMatchObject({ code: 'DECLARED', late: true });
    await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
    const approved = await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
    expect(approved.late).toBe(true);
    expect(approved.payment_period > '2026-08').toBe(true);
    await world.tell(request(id, uuidV7()));
    expect((await answerOf(id, 'confirm-refused')).data.fact.code).toBe('LATE_FOR_THIS_CUT_OFF');
  });

  it('keeps a fact that cannot be true for somebody to look at, and goes on with the others', async () => {
    const [odd, fine] = [await approvedDeclaration('X00006'), await approvedDeclaration('X00007')];
    const run = uuidV7();
    await world.tell(request(fine, run), sealed(odd, run), sealed(fine, run));
    await world.byId(fine, (row) => row.status === 'SENT_TO_AGENCY');
    const { rows } = await soon(async () => {
      const found = await world.service.database.query(
        `SELECT error_code FROM dead_letter WHERE topic = 'payments' AND key = $1`,
        [odd],
      );
      return found.rows.length > 0 && found;
    });
    expect(rows[0].error_code).toBe('PAYMENT_FACT_DOES_NOT_FIT');
    expect((await world.byId(odd, () => true)).status).toBe('FINANCIALLY_APPROVED');
  });
});

describe('a rejected line', () => {
  it('is corrected by two people and paid by the next attempt', async () => {
    const id = await approvedDeclaration('X00008');
    const run = uuidV7();
    await world.tell(request(id, run), sealed(id, run), rejected(id, run));
    await world.byId(id, (row) => row.status === 'REJECTED_BY_AGENCY');
    const propose = async (person: string, body: object = { reason: 'The payee gave a new account.' }) =>
      world.service.post(person, `declarations/${id}/corrections`, body, await world.ifMatch(id));
    const unseen = (headers: Record<string, string>, path = '') =>
      world.service.post(
        'approver',
        `declarations/${id}/corrections${path}`,
        path ? {} : { reason: 'x' },
        headers,
      );
    expect((await unseen({})).status).toBe(428);
    expect((await unseen({ 'if-match': '"1"' })).body.code).toBe('STALE_VERSION');
    expect((await propose('approver', {})).body.code).toBe('REASON_MISSING');
    expect((await propose('foreigner')).body.code).toBe('UNKNOWN_DECLARATION');
    const proposed = await propose('approver');
    expect(proposed.status).toBe(201);
    expect((await propose('second')).body.code).toBe('CORRECTION_EXISTS');
    const withdrawn = await world.service.post(
      'second',
      `declarations/${id}/corrections/${proposed.body.correctionId}/withdraw`,
      { reason: 'It was another account.' },
    );
    expect(withdrawn.status).toBe(200);
    const right = await propose('approver');
    const { body: shown } = await world.service.get('declarer', `declarations/${id}`);
    expect(shown.correction).toMatchObject({ correctionId: right.body.correctionId, attempt: 1 });
    expect((await confirm('second', proposed.body.correctionId)).body.code).toBe('CORRECTION_UNKNOWN');
    proposed.body.correctionId = right.body.correctionId;
    async function confirm(person: string, correctionId: string = proposed.body.correctionId) {
      const path = `declarations/${id}/corrections/${correctionId}/confirm`;
      return world.service.post(person, path, {}, await world.ifMatch(id));
    }
    expect((await unseen({}, `/${right.body.correctionId}/confirm`)).status).toBe(428);
    expect((await unseen({ 'if-match': '"1"' }, `/${right.body.correctionId}/confirm`)).status).toBe(412);
    expect((await confirm('approver')).body.code).toBe('SAME_PERSON');
    expect((await confirm('second', uuidV7())).body.code).toBe('CORRECTION_UNKNOWN');
    expect((await confirm('second')).body).toMatchObject({ status: 'FINANCIALLY_APPROVED', attempt: 2 });
    const next = uuidV7();
    await world.tell(request(id, next, { attempt: 2 }), sealed(id, next, 2), acknowledged(id, next, 2));
    expect(await world.byId(id, (row) => row.status === 'PAID')).toMatchObject({ attempt: 2 });
  });
});

describe('a credit that came back after the agency had acknowledged it', () => {
  it('is corrected by two people and paid by the next attempt', async () => {
    const id = await approvedDeclaration('X00009');
    const run = uuidV7();
    await world.tell(request(id, run), sealed(id, run), acknowledged(id, run), returned(id, run));
    await world.byId(id, (row) => row.status === 'REJECTED_BY_AGENCY');
    const told = await answerOf(id, 'returned');
    expect(told.data.fact).toMatchObject({ actor: 'agency', code: 'ARUCS-B', from: 'PAID' });
    const { body: why } = await world.service.get('declarer', `declarations/${id}/why`);
    expect(why).toMatchObject({ code: 'ARUCS-B', actsNext: 'commissioner' });
    expect(JSON.stringify(why)).toContain('returned on 2026-09-23');
    const corrections = `declarations/${id}/corrections`;
    const because = { reason: 'The payee gave a new account.' };
    const proposed = await world.service.post('approver', corrections, because, await world.ifMatch(id));
    const path = `${corrections}/${proposed.body.correctionId}/confirm`;
    const confirmed = await world.service.post('second', path, {}, await world.ifMatch(id));
    expect(confirmed.body).toMatchObject({ status: 'FINANCIALLY_APPROVED', attempt: 2 });
    const next = uuidV7();
    await world.tell(request(id, next, { attempt: 2 }), sealed(id, next, 2), acknowledged(id, next, 2));
    expect(await world.byId(id, (row) => row.status === 'PAID')).toMatchObject({ attempt: 2 });
  });

  it('is carried by the adjustment that is open, and a repeat of it changes nothing', async () => {
    const id = await approvedDeclaration('X00005');
    const run = uuidV7();
    await world.tell(request(id, run), sealed(id, run), acknowledged(id, run));
    await world.byId(id, (row) => row.status === 'PAID');
    await world.tell(
      calculated({ serviceCode: 'XPAYS', organisationCode: 'X00005', figureRevision: 2, pence: '8000' }),
    );
    const adjustment = await world.declarationOf('XPAYS', 'X00005', undefined, 'adjustment');
    expect(adjustment.pence).toBe('-2060');
    await world.tell(returned(id, run));
    await world.byId(id, (row) => row.status === 'LAPSED');
    expect(await world.byId(adjustment.declaration_id, (row) => row.pence === '8000')).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
    });
  });
});

describe('what became of a line, told again to a service that was away', () => {
  it('is taken up from where its declaration stands, and told once more it changes nothing', async () => {
    await world.tell(servicePublished('XAWAY'));
    const id = await approvedDeclaration('X00001', 'XAWAY');
    const run = uuidV7();
    await world.tell(request(id, run));
    await world.byId(id, (row) => row.status === 'RELEASING');
    const { declarationId, paymentVersion: newest, ...attempt } = instruction(id, run);
    const at = '2026-09-02T09:00:00Z';
    const restated = () =>
      told(
        newEvent(PaymentRestatedV1, {
          declarationId,
          paymentVersion: newest + 1,
          facts: [
            { ...attempt, kind: 'sealed', at, line: { ...line, payOn: '2026-09-20' } },
            { ...attempt, kind: 'acknowledged', at },
          ],
        }),
      );
    await world.tell(restated());
    const paid = await world.byId(id, (row) => row.status === 'PAID');
    paymentVersion = newest + 1;
    // A credit that comes back is behind it, so what was told once more has passed when it is there.
    await world.tell(restated(), returned(id, run));
    const { revision } = await world.byId(id, (row) => row.status === 'REJECTED_BY_AGENCY');
    expect(Number(revision)).toBe(Number(paid.revision) + 1);
  });
});
