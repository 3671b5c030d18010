import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  newEvent,
  PaymentSealedV1,
  PeriodFrozenV1,
  PeriodThawedV1,
  uuidV7,
  type NewEvent,
} from '@attest/contracts';
import { republished } from '@attest/testing';
import { declarationWorkflow } from '../src/index.js';
import { calculated, DATE, servicePublished, signed } from './neighbours.js';
import { soon, startWorld, type World } from './world.js';

const FLOOR = 1_000_000;
const WHO = { serviceCode: 'XREST', organisationCode: 'X00001' };
let world: World;
let known: string;
let lost: string;
let stands: string;
const forgottenFreeze = uuidV7();
const forgottenThaw = uuidV7();
const beside = uuidV7();

const frozen = (freezeId: string, serviceCode: string, freezeVersion: number): NewEvent =>
  newEvent(PeriodFrozenV1, {
    freezeId,
    serviceCode,
    achievementDate: DATE,
    scopeCode: 'ENGLAND',
    freezeVersion,
    reason: 'A register was extracted wrongly.',
    frozenBy: 'operator',
    frozenAt: '2026-08-10T09:00:00.000Z',
  });
const thawed = (freezeId: string, serviceCode: string, freezeVersion: number): NewEvent =>
  newEvent(PeriodThawedV1, {
    freezeId,
    serviceCode,
    achievementDate: DATE,
    scopeCode: 'ENGLAND',
    freezeVersion,
    thawedBy: 'operator',
    thawedAt: '2026-08-11T09:00:00.000Z',
    providerDeadlineOn: null,
    cutOffAt: '2026-09-11T17:00:00.000Z',
  });

/** As `messaging restore` keeps it. */
async function forget(...events: readonly NewEvent[]): Promise<void> {
  for (const { id, definition, key, aggregateVersion, data } of events)
    await world.service.database.query(
      `INSERT INTO forgotten_event (event_id, epoch, topic, partition, "offset", key, type, aggregate_version, payload)
       VALUES ($1, 1, 'declarations', 0, 0, $2, $3, $4, $5)`,
      [id, key, definition.type, aggregateVersion, JSON.stringify(data)],
    );
}
/** What this service has told of it, as somebody else's id: as if that had been opened in the lost hour. */
const toldOf = (declarationId: string, as = declarationId) =>
  world.told
    .filter(({ key }) => key === declarationId)
    .map(({ type, data }) => ({
      id: uuidV7(),
      definition: { type },
      key: as,
      aggregateVersion: data.declaration.revision as number,
      data: { ...data, declaration: { ...data.declaration, declarationId: as } },
    })) as unknown as NewEvent[];
const newest = (key: string) => world.told.findLast((event) => event.key === key)!;

beforeAll(async () => {
  world = await startWorld();
  await world.tell(
    servicePublished('XREST'),
    servicePublished('XBOTH'),
    servicePublished('XFROZEN'),
    calculated(WHO),
  );
  known = (await world.declarationOf('XREST', 'X00001')).declaration_id;
  await world.declare(known);
  await soon(() => world.events(known).includes('declared'));
  const { body } = await world.service.post('operator', 'freezes', {
    serviceCode: 'XBOTH',
    achievementDate: DATE,
    reason: 'Looked at again.',
  });
  stands = body.freezeId as string;
  await world.service.database.query(
    `INSERT INTO producer_epoch (epoch, version_floor, raised_by, reason) VALUES (1, $1, 'operator', 'disk lost')`,
    [FLOOR],
  );
  lost = uuidV7();
  await forget(
    ...toldOf(known),
    ...toldOf(known, lost),
    frozen(forgottenFreeze, 'XFROZEN', 3),
    frozen(forgottenThaw, 'XFROZEN', 1),
    thawed(forgottenThaw, 'XFROZEN', 2),
    // In the lost hour the one that stands had been thawed, and another placed.
    thawed(stands, 'XBOTH', 2),
    frozen(beside, 'XBOTH', 3),
  );
  // Another replica starts as the first one after the restore; two of them tell no more than one.
  const replicas = await Promise.all([1, 2].map(() => declarationWorkflow.start(world.service.env)));
  await Promise.all(replicas.map((replica) => replica.close()));
}, 90_000);
afterAll(() => world?.service.close());

describe('declarations, restored an hour back', () => {
  it('tells a declaration that it does not know as ended, once, above all that was told of it', async () => {
    await soon(() => world.told.some(({ key }) => key === lost));
    const told = world.told.filter(({ key }) => key === lost);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      type: 'declaration.restated.v1',
      data: {
        declaration: { declarationId: lost, status: 'LAPSED', revision: FLOOR + 1, pence: '10060' },
        fact: { code: 'FORGOTTEN_BY_RESTORE', from: 'AWAITING_COMMISSIONER_APPROVAL' },
      },
    });
  });

  it('tells a declaration that it knows as it stands, above all that was told of it', async () => {
    await soon(() => newest(known).type === 'declaration.restated.v1');
    expect(newest(known).data.declaration).toMatchObject({
      status: 'AWAITING_COMMISSIONER_APPROVAL',
      revision: FLOOR + 1,
      declarationVersion: 1,
    });
  });

  it('gives the next revision and the next signed version above the floor, one after the other', async () => {
    await world.tell(calculated({ ...WHO, figureRevision: 2, pence: '12500' }));
    await world.byId(known, (row) => row.status === 'AWAITING_PROVIDER_APPROVAL');
    const { revision } = await world.byId(known, () => true);
    expect((await world.declare(known, {}, 'declarer', Number(revision))).status).toBe(200);
    await soon(() => newest(known).type === 'declaration.declared.v1');
    const { declaration } = newest(known).data;
    expect(declaration.revision).toBe(Number(revision) + 1);
    expect(declaration.declarationVersion).toBeGreaterThan(FLOOR);
    await world.tell(calculated({ serviceCode: 'XREST', organisationCode: 'X00002' }));
    const fresh = await world.declarationOf('XREST', 'X00002');
    expect(Number(fresh.revision)).toBe(FLOOR + 1);
  });

  it('parks nothing for what a run did with the one that it does not know', async () => {
    const line = newEvent(PaymentSealedV1, {
      declarationId: lost,
      declarationVersion: 1,
      attempt: 1,
      runId: uuidV7(),
      paymentVersion: 2,
      fileName: 'ATTEST-XPAY-2026-08-R001.csv',
      lineNumber: 1,
      agencyCode: 'XPAY',
      pence: '10000',
      sealedAt: '2026-08-20T09:00:00.000Z',
      payOn: '2026-08-25',
    });
    await world.tell(line);
    await soon(async () => {
      const { rows } = await world.service.database.query(
        `SELECT FROM consumer_fence WHERE topic = 'payments' AND next_offset > 0`,
      );
      return rows.length === 1;
    });
    expect((await world.service.database.query(`SELECT FROM dead_letter`)).rows).toEqual([]);
    await world.tell(signed(lost, 'commissioner', 'approver'));
    await soon(() => newest(lost).type === 'approval.refused.v1');
  });
});

describe('freezes of the lost hour', () => {
  const shown = async (freezeId: string) => (await world.service.get('operator', `freezes/${freezeId}`)).body;

  it('stand again where they stood, and are thawed by people', async () => {
    expect(await shown(forgottenFreeze)).toMatchObject({ frozenBy: 'operator', thawedAt: null });
    const { status } = await world.service.post('operator', `freezes/${forgottenFreeze}/thaw`, {});
    expect(status).toBe(200);
    await soon(() =>
      world.told.some(({ type, data }) => type === 'period.thawed.v1' && data.freezeId === forgottenFreeze),
    );
  });

  it('keep the dates of a thaw that was told', async () => {
    expect(await shown(forgottenThaw)).toMatchObject({
      thawedBy: 'operator',
      cutOffAt: '2026-09-11T17:00:00.000Z',
    });
  });

  it('stay frozen by the one that this database knows as standing', async () => {
    expect(await shown(stands)).toMatchObject({ thawedAt: null });
    expect(await shown(beside)).toMatchObject({ thawedBy: 'restore' });
  });

  it('are told again as they stand, above all that was told', async () => {
    const told = await republished(world.service, 'declarations', [`XFROZEN|${DATE}`, `XBOTH|${DATE}`]);
    const said = told.map(({ type, data, version }) => [data.freezeId as string, type, version > FLOOR]);
    expect(said).toEqual(
      expect.arrayContaining([
        [forgottenFreeze, 'period.thawed.v1', true],
        [forgottenThaw, 'period.thawed.v1', true],
        [stands, 'period.frozen.v1', true],
        [beside, 'period.thawed.v1', true],
      ]),
    );
    expect(told).toHaveLength(4);
  });

  it('leave nothing open in the list of what was forgotten', async () => {
    const { rows } = await world.service.database.query(
      `SELECT key, type FROM forgotten_event WHERE told_again_at IS NULL`,
    );
    expect(rows).toEqual([]);
  });
});
