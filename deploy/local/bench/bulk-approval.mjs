// Bulk approval of 10,000 declarations: until they are signed, and until declaration-workflow has answered every item.
import { until } from '../story/http-client.mjs';
import { giveRole, openEngland } from './england-stack.mjs';
import { OPEN_DECLARATIONS } from './membership-change.mjs';
import { rotate } from './rotation.mjs';

const DECLARED_AT_ONCE = 2_000;

/** @param {import('./stand.mjs').Stand} stand */
export async function measure(stand) {
  const items = stand.size(10_000, 500);
  const { world } = await openEngland(stand, stand.size(OPEN_DECLARATIONS, 0));
  const { viewer, organisationAdministrator: approver } = world.people;
  await giveRole(world, viewer, 'DECLARATION_MANAGEMENT');
  await giveRole(world, approver, 'APPROVAL_MANAGEMENT');
  await world.settled();
  await declare(world, viewer, (stand.rotations + 1) * items);
  const tasks = await world.rows(
    'commissioner-approval',
    `SELECT declaration_id AS "declarationId", declaration_version::text AS "declarationVersion" FROM approval_task
     WHERE stage = 'commissioner' AND NOT held AND pending_approval_id IS NULL ORDER BY declaration_id LIMIT $1`,
    [(stand.rotations + 1) * items],
  );
  const bare = await barePeer(stand, items);
  const found = await rotate(stand.rotations, {
    ours: async () => {
      const taken = await approve(world, approver, tasks.splice(0, items));
      await world.settled();
      return taken;
    },
    bare: async () => (await bare()) / 1000,
  });
  const peer = { name: 'one bare transaction: update, history, outbox', values: found.bare };
  const figure = { unit: 's', better: 'lower', peer, notes: { items } };
  return [
    {
      ...figure,
      name: `bulk approval of ${items}: signed`,
      ours: found.ours.map((one) => one.signed),
      target: { value: 2 },
    },
    {
      ...figure,
      name: `bulk approval of ${items}: every item applied`,
      ours: found.ours.map((one) => one.applied),
      target: { value: 6 },
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
  const signed = seconds();
  const ended = await until(
    `bulk ${bulkId} is answered`,
    async () => {
      const bulk = await world.get(approver, 'commissioner-approval', `bulk-approvals/${bulkId}`);
      return bulk.queued + bulk.pending === 0 && bulk;
    },
    { everyMs: 50 },
  );
  const applied = seconds();
  if (ended.applied !== items.length)
    throw new Error(`of ${items.length} items ${ended.applied} were applied, ${ended.refused} refused`);
  return { signed, applied };
}

/** One person who may act for all of England declares them; nobody who declares approves. */
async function declare(world, person, count) {
  const waiting = await world.rows(
    'declaration-workflow',
    `SELECT declaration_id AS "declarationId", revision::int AS revision FROM declaration
     WHERE status = 'AWAITING_PROVIDER_APPROVAL' AND kind = 'achievement' AND NOT held AND pence > 0
       AND awaiting IS NULL AND blocked IS NULL ORDER BY declaration_id LIMIT $1`,
    [count],
  );
  if (waiting.length < count)
    throw new Error(`only ${waiting.length} of ${count} declarations can be declared`);
  for (let at = 0; at < waiting.length; at += DECLARED_AT_ONCE) {
    const items = waiting.slice(at, at + DECLARED_AT_ONCE);
    const answer = await world.post(person, 'declaration-workflow', 'declarations/bulk-declare', {
      items,
      onBehalfReason: 'The benchmark declares for everybody.',
    });
    if (answer.refused > 0)
      throw new Error(
        `${answer.refused} were not declared: ${answer.items.find((item) => item.code !== 'DECLARED').code}`,
      );
  }
  await world.settled();
}

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
