import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newEvent,
  PaymentNotIncludedV1,
  PaymentReleaseRequestedV1,
  PaymentSealedV1,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import { calculated, merged, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
const BARRIER = uuidV7();

beforeAll(async () => {
  // Two at once: the smallest number that leaves some to follow.
  world = await startWorld({ BULK_CHUNK_SIZE: '2' });
  await world.tell(servicePublished('XORD'));
  await world.service.database.query(
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at, status)
     VALUES ($1, 'release', 'payment-export', now(), now() + interval '1 hour', 'passed')`,
    [BARRIER],
  );
}, 90_000);
afterAll(() => world?.service.close());

/** Merged, and everything that could follow has followed. */
async function mergedAndFollowed(code: string): Promise<void> {
  await world.tell(calculated({ serviceCode: 'XORD', organisationCode: code }));
  await world.declarationOf('XORD', code);
  await world.tell(merged(code, 2));
  await world.declarationOf('XORD', code, (row) => row.commissioner_code === 'XQB');
  await nothingToFollow();
}

const nothingToFollow = () =>
  soon(async () => (await world.service.database.query('SELECT FROM reference_to_follow')).rowCount === 0);

let paymentVersion = 0;
const payment = (id: string, runId: string) => ({
  declarationId: id,
  declarationVersion: 1,
  attempt: 1,
  runId,
  paymentVersion: ++paymentVersion,
});
const requested = (id: string, runId: string): NewEvent =>
  newEvent(PaymentReleaseRequestedV1, {
    ...payment(id, runId),
    barrierId: BARRIER,
    requestedAt: '2026-09-01T17:00:00Z',
  }) as unknown as NewEvent;
const notIncluded = (id: string, runId: string): NewEvent =>
  newEvent(PaymentNotIncludedV1, {
    ...payment(id, runId),
    code: 'RUN_ABORTED',
    words: 'The run was aborted.',
    owedPence: null,
  }) as unknown as NewEvent;
const sealed = (id: string, runId: string): NewEvent =>
  newEvent(PaymentSealedV1, {
    ...payment(id, runId),
    fileName: 'XPAY-2026-08.csv',
    lineNumber: 1,
    agencyCode: 'XPAY',
    pence: '10060',
    sealedAt: '2026-09-01T17:01:00Z',
    payOn: '2026-09-20',
  }) as unknown as NewEvent;

/** Signed to the end under the commissioner that it had. */
async function signedToTheEnd(
  serviceCode: string,
  organisationCode: string,
  pence = '10060',
): Promise<string> {
  await world.tell(servicePublished(serviceCode), calculated({ serviceCode, organisationCode, pence }));
  const { declaration_id: id } = await world.declarationOf(serviceCode, organisationCode);
  await world.declare(id);
  await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
  await world.byId(id, (row) => row.status === (pence === '0' ? 'SETTLED_NIL' : 'FINANCIALLY_APPROVED'));
  return id;
}

async function confirmed(serviceCode: string, organisationCode: string, runId: string): Promise<string> {
  const id = await signedToTheEnd(serviceCode, organisationCode);
  await world.tell(requested(id, runId));
  await world.byId(id, (row) => row.status === 'RELEASING');
  return id;
}

describe('a commissioner', () => {
  it('that changes takes its declarations along, and signatures of the old one are refused', async () => {
    await world.tell(calculated({ serviceCode: 'XORD', organisationCode: 'X00007' }));
    const { declaration_id: id } = await world.declarationOf('XORD', 'X00007');
    await world.declare(id);
    await world.tell(merged('X00007', 2));
    await world.byId(id, (row) => row.commissioner_code === 'XQB');
    await world.tell(signed(id, 'commissioner', 'approver'));
    const refused = await soon(() =>
      world.told.find((event) => event.key === id && event.type === 'approval.refused.v1'),
    );
    expect(refused.data.code).toBe('WRONG_COMMISSIONER');
  });

  it('that changes for more than one transaction may lock is followed to the last, and nothing is left to follow', async () => {
    const services = ['XOA', 'XOB', 'XOC', 'XOD', 'XOE'];
    await world.tell(...services.map((code) => servicePublished(code)));
    await world.tell(
      ...services.map((serviceCode) => calculated({ serviceCode, organisationCode: 'X00008' })),
    );
    for (const code of services) await world.declarationOf(code, 'X00008');
    await world.tell(merged('X00008', 2));
    for (const code of services)
      await world.declarationOf(code, 'X00008', (row) => row.commissioner_code === 'XQB');
    await soon(async () => {
      const { rowCount } = await world.service.database.query('SELECT FROM reference_to_follow');
      return rowCount === 0;
    });
  });

  it('that changes while a declaration is being opened takes that one along, too', async () => {
    const { database } = world.service;
    await world.tell(merged('X00009', 2));
    await world.tell(calculated({ serviceCode: 'XORD', organisationCode: 'X00009' }));
    const { declaration_id: id } = await world.declarationOf('XORD', 'X00009');
    // As an opening that had read the old commissioner leaves it, when it commits after the change was followed.
    await database.query(
      `WITH late AS (UPDATE declaration SET commissioner_code = 'XQA' WHERE declaration_id = $1)
       INSERT INTO reference_to_follow (kind, code) VALUES ('organisation', 'X00009')
       ON CONFLICT (kind, code) DO UPDATE SET change = reference_to_follow.change + 1`,
      [id],
    );
    await world.byId(id, (row) => row.commissioner_code === 'XQB');
  });

  it('that changed while a run held a declaration has it when the run leaves it out', async () => {
    const run = uuidV7();
    const id = await confirmed('XRUN', 'X00001', run);
    await mergedAndFollowed('X00001');
    expect(await world.byId(id, () => true)).toMatchObject({ commissioner_code: 'XQA', status: 'RELEASING' });
    await world.tell(notIncluded(id, run));
    expect(await world.byId(id, (row) => row.commissioner_code === 'XQB')).toMatchObject({
      status: 'FINANCIALLY_APPROVED',
    });
  });

  it('that changed after nothing was to be paid has it when other figures reopen it', async () => {
    const id = await signedToTheEnd('XNIL', 'X00002', '0');
    await mergedAndFollowed('X00002');
    expect((await world.byId(id, () => true)).commissioner_code).toBe('XQA');
    await world.tell(
      calculated({ serviceCode: 'XNIL', organisationCode: 'X00002', figureRevision: 2, pence: '500' }),
    );
    expect(await world.byId(id, (row) => row.commissioner_code === 'XQB')).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
    });
  });

  it('that changed after the payment has the adjustment; what was sent stays as it was', async () => {
    const run = uuidV7();
    const id = await confirmed('XSENT', 'X00003', run);
    await world.tell(sealed(id, run));
    await world.byId(id, (row) => row.status === 'SENT_TO_AGENCY');
    await mergedAndFollowed('X00003');
    await world.tell(
      calculated({ serviceCode: 'XSENT', organisationCode: 'X00003', figureRevision: 2, pence: '8000' }),
    );
    await world.declarationOf('XSENT', 'X00003', (row) => row.commissioner_code === 'XQB', 'adjustment');
    expect((await world.byId(id, () => true)).commissioner_code).toBe('XQA');
    await nothingToFollow();
  });
});
