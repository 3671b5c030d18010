// Bulk declaration and approval of 10,000: until they are declared, until they are signed, and until declaration-workflow has answered every item.
import { until } from '../story/http-client.mjs';
import { giveRole, openEngland } from './england-stack.mjs';
import { OPEN_DECLARATIONS } from './membership-change.mjs';
import { rotate } from './rotation.mjs';

const LOOK_EVERY_MS = 50;

/** @param {import('./stand.mjs').Stand} stand */
export async function measure(stand) {
  const items = stand.size(10_000, 500);
  const { world } = await openEngland(stand, stand.size(OPEN_DECLARATIONS, 0));
  const { viewer, organisationAdministrator: approver } = world.people;
  await giveRole(world, viewer, 'DECLARATION_MANAGEMENT');
  await giveRole(world, approver, 'APPROVAL_MANAGEMENT');
  await world.settled();
  const waiting = await declarable(world, (stand.rotations + 1) * items);
  const bare = await barePeer(stand, items);
  const found = await rotate(stand.rotations, {
    ours: async () => {
      const chosen = waiting.splice(0, items);
      const declared = await declare(world, viewer, chosen);
      await world.settled();
      const taken = await approve(world, approver, await tasksOf(world, chosen));
      await world.settled();
      return { declared, ...taken };
    },
    bare: async () => (await bare()) / 1000,
  });
  const peer = { name: 'one bare transaction: update, history, outbox', values: found.bare };
  const figure = { unit: 's', better: 'lower', peer, notes: { items } };
  return [
    {
      ...figure,
      name: `bulk declaration of ${items}: every item answered`,
      ours: found.ours.map((one) => one.declared),
      target: { value: 2, ratio: 3 },
    },
    {
      ...figure,
      name: `bulk approval of ${items}: signed`,
      ours: found.ours.map((one) => one.signed),
      target: { value: 2, ratio: 3 },
    },
    {
      ...figure,
      name: `bulk approval of ${items}: every item applied`,
      ours: found.ours.map((one) => one.applied),
      target: { value: 5 },
    },
  ];
}

/** @returns {Promise<{ signed: number, applied: number }>} seconds from the request */
async function approve(world, approver, items) {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const { bulkId } = await world.post(approver, 'commissioner-approval', 'bulk-approvals', {
    stage: 'commissioner',
    items,
  });
  const path = `bulk-approvals/${bulkId}`;
  const look = (done) =>
    until(
      `bulk ${bulkId} is answered`,
      async () => {
        const bulk = await world.get(approver, 'commissioner-approval', path);
        return done(bulk) && bulk;
      },
      { everyMs: LOOK_EVERY_MS },
    );
  await look(({ queued }) => queued === 0);
  const signed = seconds();
  const ended = await look(({ queued, pending }) => queued + pending === 0);
  const applied = seconds();
  if (ended.applied !== items.length)
    throw new Error(`of ${items.length} items ${ended.applied} were applied, ${ended.refused} refused`);
  return { signed, applied };
}

/** Declarations that can be declared, with the revision that is seen. */
async function declarable(world, count) {
  const waiting = await world.rows(
    'declaration-workflow',
    `SELECT declaration_id AS "declarationId", revision::int AS revision FROM declaration
     WHERE status = 'AWAITING_PROVIDER_APPROVAL' AND kind = 'achievement' AND NOT held AND pence > 0
       AND awaiting IS NULL AND blocked IS NULL ORDER BY declaration_id LIMIT $1`,
    [count],
  );
  if (waiting.length < count)
    throw new Error(`only ${waiting.length} of ${count} declarations can be declared`);
  return waiting;
}

/**
 * One person who may act for all of England declares them; nobody who declares approves.
 * @returns {Promise<number>} seconds from the request to the last item's answer
 */
async function declare(world, person, items) {
  const started = performance.now();
  const { bulkId } = await world.post(person, 'declaration-workflow', 'bulk-declarations', {
    items,
    onBehalfReason: 'The benchmark declares for everybody.',
  });
  const ended = await until(
    `bulk ${bulkId} has ended`,
    async () => {
      const bulk = await world.get(person, 'declaration-workflow', `bulk-declarations/${bulkId}`);
      return bulk.endedAt !== null && bulk;
    },
    { everyMs: LOOK_EVERY_MS },
  );
  const seconds = (performance.now() - started) / 1000;
  if (ended.declared !== items.length)
    throw new Error(`of ${items.length} items ${ended.declared} were declared, ${ended.refused} refused`);
  return seconds;
}

const tasksOf = (world, declared) =>
  world.rows(
    'commissioner-approval',
    `SELECT declaration_id AS "declarationId", declaration_version::text AS "declarationVersion" FROM approval_task
     WHERE declaration_id = ANY ($1::uuid[]) ORDER BY declaration_id`,
    [declared.map(({ declarationId }) => declarationId)],
  );

/**
 * What nobody can do without: change the rows, keep their history, leave events, in one transaction, on tables of the
 * same sizes without any check. Answers milliseconds.
 */
async function barePeer(stand, items) {
  const { url, pool } = await stand.database('bulk');
  await pool.query(
    `CREATE TABLE declaration (id int PRIMARY KEY, status text NOT NULL, version bigint NOT NULL, facts jsonb NOT NULL) WITH (fillfactor = 80);
     CREATE TABLE history (id int, version bigint, at timestamptz NOT NULL, person text NOT NULL, facts jsonb NOT NULL, PRIMARY KEY (id, version));
     CREATE TABLE outbox (shard smallint, seq bigint GENERATED ALWAYS AS IDENTITY, id uuid NOT NULL DEFAULT gen_random_uuid(), payload text NOT NULL, PRIMARY KEY (shard, seq));
     INSERT INTO declaration SELECT i, 'AWAITING', 1, jsonb_build_object('text', repeat('x', 300)) FROM generate_series(1, ${OPEN_DECLARATIONS}) i`,
  );
  const client = await stand.admin(url);
  stand.untidy.push(() => client.end());
  let next = 0;
  return async () => {
    const ids = Array.from({ length: items }, (_, i) => ((next + i) % OPEN_DECLARATIONS) + 1);
    next += items;
    const started = performance.now();
    await client.query('BEGIN');
    await client.query(
      `WITH changed AS (
         UPDATE declaration SET status = 'SIGNED', version = version + 1 WHERE id = ANY ($1::int[]) RETURNING id, version, facts
       ), kept AS (
         INSERT INTO history SELECT id, version, now(), 'somebody', facts FROM changed
       )
       INSERT INTO outbox (shard, payload) SELECT id % 16, facts::text FROM changed`,
      [ids],
    );
    await client.query('COMMIT');
    return performance.now() - started;
  };
}
