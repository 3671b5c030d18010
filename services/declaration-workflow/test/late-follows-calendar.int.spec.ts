import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newEvent, PaymentReleaseRequestedV1, uuidV7, type NewEvent } from '@attest/contracts';
import { calculated, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

let world: World;
const BARRIER = uuidV7();
let paymentVersion = 0;

/** Another service, whose calendar names the period that comes after. */
function laterPeriod(cutOffAt: string, version: number): NewEvent {
  const published = servicePublished('XLATER', { deadline: '2100-01-24', cutOffAt }, version);
  const { service } = published.data as unknown as { service: { calendar: { paymentPeriod: string }[] } };
  service.calendar[0]!.paymentPeriod = '2100-01';
  return published;
}

beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    servicePublished('XLATE', { opensOn: '2020-01-01', deadline: '2020-01-24' }),
    laterPeriod('2100-02-01T17:00:00Z', 1),
  );
  await soon(async () => {
    const { rows } = await world.service.database.query(
      `SELECT FROM calendar_entry WHERE service_code IN ('XLATE', 'XLATER')`,
    );
    return rows.length === 2;
  });
  await world.service.database.query(
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at, status)
     VALUES ($1, 'release', 'payment-export', now(), now() + interval '1 hour', 'passed')`,
    [BARRIER],
  );
});
afterAll(() => world?.service.close());

const why = async (id: string) => (await world.service.get('declarer', `declarations/${id}/why`)).body;

async function answerToRun(id: string): Promise<string> {
  const runId = uuidV7();
  await world.tell(
    newEvent(PaymentReleaseRequestedV1, {
      declarationId: id,
      declarationVersion: 1,
      attempt: 1,
      runId,
      paymentVersion: ++paymentVersion,
      barrierId: BARRIER,
      requestedAt: '2026-12-01T17:00:00Z',
    }) as NewEvent,
  );
  const answer = await soon(() =>
    world.told.findLast(
      ({ key, data }) =>
        key === id && (data as { declaration: { runId: string | null } }).declaration.runId === runId,
    ),
  );
  return answer.type;
}

describe('a late declaration', () => {
  it('is paid from the cut-off that the calendar has now, not from that of the day on which it was declared', async () => {
    await world.tell(calculated({ serviceCode: 'XLATE', organisationCode: 'X00001' }));
    const { declaration_id: id } = await world.declarationOf('XLATE', 'X00001');
    expect((await world.declare(id, { lateReason: 'Their system was down.' })).status).toBe(200);
    await world.tell(signed(id, 'commissioner', 'approver'), signed(id, 'finance', 'finance'));
    const { payment_period: period } = await world.byId(id, (row) => row.status === 'FINANCIALLY_APPROVED');
    expect(period).toBe('2100-01');
    expect(await answerToRun(id)).toBe('declaration.confirm-refused.v1');
    expect(await why(id)).toMatchObject({
      code: 'LATE_FOR_THIS_CUT_OFF',
      obstacles: ['LATE_FOR_THIS_CUT_OFF'],
    });

    await world.tell(laterPeriod('2026-08-02T17:00:00Z', 2));
    await soon(async () => (await why(id)).obstacles.length === 0);
    expect(await answerToRun(id)).toBe('declaration.confirmed.v1');
  });
});
