import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BusinessClock } from '@attest/calendar';
import type { EventOf, NewEvent, PageReceivedV1, PcnMembershipState } from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { eventually, testDatabase, type TestDatabase } from '@attest/testing';
import { PublishFigures } from '../src/application/publish-figures.js';
import { RebuildPeriod } from '../src/application/rebuild-period.js';
import { RecordInputs } from '../src/application/record-inputs.js';
import { Refigure } from '../src/application/refigure.js';
import type { RunRecalculations } from '../src/application/run-recalculations.js';
import type { AggregationSettings } from '../src/config/aggregation.settings.js';
import { aggregation as service } from '../src/index.js';
import { PgAchievementStore } from '../src/persistence/achievement.store.js';
import { PgFactStore } from '../src/persistence/fact.store.js';
import { PgInputStore } from '../src/persistence/input.store.js';
import { PgLocks } from '../src/persistence/locks.js';
import { PgRecalculationStore } from '../src/persistence/recalculation.store.js';
import { PgServiceStore } from '../src/persistence/service.store.js';
import { PgTouchedStore } from '../src/persistence/touched.store.js';
import { SlicedFigureWorker } from '../src/worker/sliced-figure-worker.js';
import {
  aService,
  DATE,
  membership,
  pageOf,
  participating,
  published,
  spell,
} from './aggregation-under-test.js';

/** The use cases over a real database, put together by hand, so that one can be stopped where another overtakes it. */
let place: TestDatabase;
let database: Database;
let meanwhile: () => Promise<void> = async () => undefined;

class OvertakenWorker extends SlicedFigureWorker {
  override async make(...args: Parameters<SlicedFigureWorker['make']>) {
    await meanwhile();
    return super.make(...args);
  }
}

const clock = new BusinessClock();
const locks = new PgLocks();
const touched = new PgTouchedStore();
const services = new PgServiceStore();
const facts = new PgFactStore();
const achievements = new PgAchievementStore();
const outbox = new Outbox('aggregation', () => undefined);
const publish = new PublishFigures(achievements, outbox, clock);
const nobody = { wake: () => undefined } as unknown as RunRecalculations;
const refigureOf = (most: number): Refigure =>
  new Refigure(
    { INLINE_ACHIEVEMENTS_MOST: most } as AggregationSettings,
    clock,
    outbox,
    services,
    touched,
    facts,
    achievements,
    new PgRecalculationStore(),
    publish,
    nobody,
  );
const inputsWith = (most: number): RecordInputs =>
  new RecordInputs(locks, new PgInputStore(), touched, refigureOf(most));
const inline = inputsWith(5_000);
const marking = inputsWith(0);
let rebuild: RebuildPeriod;

const dataOf = <T>(event: unknown): T => (event as NewEvent).data as T;
const page = (practice: string, value: number, pageVersion: number, serviceCode = 'VAX') =>
  dataOf<EventOf<typeof PageReceivedV1>>(pageOf(practice, [value], { pageVersion, serviceCode }));
const rows = async (sql: string): Promise<unknown[]> => (await database.query(sql)).rows;

beforeAll(async () => {
  place = await testDatabase('aggregation-races');
  await service.migrate(place.url);
  database = new Database({ url: place.url, poolSize: 8, applicationName: 'spec' });
  rebuild = new RebuildPeriod(
    database,
    locks,
    services,
    touched,
    facts,
    achievements,
    publish,
    new OvertakenWorker(),
  );
  await database.transaction(async (tx) => {
    await inline.services(
      tx,
      [
        dataOf(published(aService())),
        dataOf(published(aService({ serviceCode: 'PCNVAX', providerKind: 'pcn' }))),
      ],
      [dataOf(participating('VAX', ['A90001', 'A90002'])), dataOf(participating('PCNVAX', ['U90001']))],
    );
    await inline.memberships(tx, [dataOf(membership('U90001', 1, [spell('A90001'), spell('A90002')]))]);
    await inline.pages(tx, [page('A90001', 1, 1), page('A90002', 2, 1)]);
  });
});
afterAll(async () => {
  await database.close();
  await place.drop();
});

describe('a rebuild', () => {
  const state = () =>
    rows(`SELECT organisation_code AS o, figure_revision::int AS r, pence::int, awaiting_revision::int AS awaiting
          FROM achievement WHERE service_code = 'VAX' ORDER BY 1`);

  it('leaves figures alone that moved on after it had read', async () => {
    await database.query(`UPDATE achievement SET fingerprint = 'damaged' WHERE service_code = 'VAX'`);
    meanwhile = () => database.transaction((tx) => inline.pages(tx, [page('A90001', 3, 2)]));
    expect(await rebuild.run('VAX', DATE, null)).toEqual({ examined: 2, published: 1, newer: 1 });
    expect(await state()).toEqual([
      { o: 'A90001', r: 2, pence: 3_018, awaiting: null },
      { o: 'A90002', r: 2, pence: 2_012, awaiting: null },
    ]);
  });

  it('does not end a wait for inputs that it had not read', async () => {
    await database.query(`UPDATE achievement SET fingerprint = 'damaged' WHERE service_code = 'VAX'`);
    meanwhile = () => database.transaction((tx) => marking.pages(tx, [page('A90001', 4, 3)]));
    expect(await rebuild.run('VAX', DATE, null)).toEqual({ examined: 2, published: 1, newer: 1 });
    expect(await state()).toMatchObject([
      { o: 'A90001', r: 2, awaiting: 3 },
      { o: 'A90002', r: 3, awaiting: null },
    ]);
    meanwhile = async () => undefined;
    // The recalculation that was queued with the marker.
    expect(await rebuild.run('VAX', DATE, null)).toEqual({ examined: 2, published: 1, newer: 0 });
    expect(await state()).toMatchObject([{ o: 'A90001', r: 3, pence: 4_024, awaiting: null }, { r: 3 }]);
  });

  it('ends a wait also where the figure comes out equal', async () => {
    await database.query(
      `UPDATE achievement SET awaiting_revision = 4 WHERE organisation_code = 'A90001' AND service_code = 'VAX'`,
    );
    expect(await rebuild.run('VAX', DATE, null)).toMatchObject({ published: 1 });
    expect(await state()).toMatchObject([{ o: 'A90001', r: 4, pence: 4_024, awaiting: null }, {}]);
  });
});

describe('two inputs at once', () => {
  it('of one PCN both count, also when neither finds its achievement begun', async () => {
    for (let round = 1; round <= 15; round++) {
      await database.query(`DELETE FROM achievement WHERE service_code = 'PCNVAX'`);
      await database.query(`DELETE FROM achievement_revision WHERE service_code = 'PCNVAX'`);
      await Promise.all([
        database.transaction((tx) => inline.pages(tx, [page('A90001', round, round, 'PCNVAX')])),
        database.transaction((tx) => inline.pages(tx, [page('A90002', 10 * round, round, 'PCNVAX')])),
      ]);
      expect(await rows(`SELECT state, pence::int FROM achievement WHERE service_code = 'PCNVAX'`)).toEqual([
        { state: 'calculated', pence: 11 * round * 1_006 },
      ]);
    }
  });

  it('a page and the move of its practice: the page counts where the practice is then', async () => {
    await database.transaction((tx) =>
      inline.memberships(tx, [dataOf(membership('U90001', 2, [spell('A90001')]))]),
    );
    let moving: Promise<void> | undefined;
    let moved = false;
    await database.transaction(async (tx) => {
      await inline.pages(tx, [page('A90002', 7, 99, 'PCNVAX')]);
      // The move begins while the page is not committed: it must wait for it, or it adds up without it.
      const joins = dataOf<PcnMembershipState>(membership('U90001', 3, [spell('A90001'), spell('A90002')]));
      moving = database
        .transaction((other) => inline.memberships(other, [joins]))
        .then(() => void (moved = true));
      await eventually(async () => moved || (await somebodyWaits()));
    });
    await moving;
    expect(await rows(`SELECT pence::int FROM achievement WHERE service_code = 'PCNVAX'`)).toEqual([
      { pence: (15 + 7) * 1_006 },
    ]);
  });

  const somebodyWaits = async (): Promise<boolean> =>
    (
      await rows(
        'SELECT FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())',
      )
    ).length > 0;
});
