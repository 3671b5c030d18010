// Bulk declaration and approval of 10,000: until they are declared, until they are signed, and until declaration-workflow has answered every item.
import { until } from '@attest/stack/http-client';
import type { Figure, Target } from './figure.js';
import { openBareDeclarations, openBareSignatures } from './bare-writes.js';
import { databaseOf, giveRole, openEngland } from './england-stack.js';
import { OPEN_DECLARATIONS } from './membership-change.js';
import type { SeenDeclaration } from './load-process.js';
import { rotate } from './rotation.js';
import type { Stand, World } from './stand.js';

/** Each look counts 10,000 items: more often, and looking would be what is measured. */
const LOOK_EVERY_MS = 200;
/** Each takes 10,000 declarations that nobody has declared yet, and there are so many. */
const ROTATIONS_MOST = 3;

export async function measure(stand: Stand): Promise<Figure[]> {
  const items = stand.size(10_000, 500);
  const rotations = Math.min(stand.rotations, ROTATIONS_MOST);
  const { world, infrastructure } = await openEngland(stand, stand.size(OPEN_DECLARATIONS, 0));
  const { viewer, organisationAdministrator: approver } = world.people;
  await giveRole(world, viewer, 'DECLARATION_MANAGEMENT');
  await giveRole(world, approver, 'APPROVAL_MANAGEMENT');
  await world.settled();
  const waiting = await declarable(world, (rotations + 1) * items);
  const urlOf = (service: string): string => databaseOf(infrastructure, service);
  const bareDeclarations = await openBareDeclarations(stand, urlOf('declaration-workflow'));
  const bareSignatures = await openBareSignatures(stand, urlOf('commissioner-approval'));
  const found = await rotate(rotations, {
    ours: async () => {
      const chosen = waiting.splice(0, items);
      const declared = await declare(world, viewer, chosen);
      await world.settled();
      const taken = await approve(world, approver, await tasksOf(world, chosen));
      await world.settled();
      return { declared, ...taken };
    },
    bare: async () => ({ declared: await bareDeclarations(items), signed: await bareSignatures(items) }),
  });
  const figure = (
    name: string,
    which: 'declared' | 'signed' | 'applied',
    target: Target,
    peer: 'declared' | 'signed' = which === 'applied' ? 'signed' : which,
  ): Figure => ({
    name,
    unit: 's',
    better: 'lower',
    ours: found.ours.map((one) => one[which]),
    peer: {
      name: 'bare update, history, outbox; chunks of 500',
      values: found.bare.map((one) => one[peer]),
    },
    target,
    notes: { items },
  });
  return [
    figure(`bulk declaration of ${items}: every item declared`, 'declared', { value: 2, ratio: 3 }),
    figure(`bulk approval of ${items}: signed`, 'signed', { value: 2, ratio: 3 }),
    figure(`bulk approval of ${items}: every item applied`, 'applied', { value: 4 }),
  ];
}

/** A bulk approval as commissioner-approval shows it; more of it than this. */
interface BulkApproval {
  readonly queued: number;
  readonly pending: number;
  readonly applied: number;
  readonly refused: number;
}

/** A bulk declaration as declaration-workflow shows it; more of it than this. */
interface BulkDeclaration {
  readonly endedAt: string | null;
  readonly declared: number;
  readonly refused: number;
}

/** A declaration that waits for a signature. */
interface Task {
  readonly declarationId: string;
  readonly declarationVersion: string;
}

/** @returns seconds from the request */
export async function approve(
  world: World,
  approver: string,
  items: readonly Task[],
  { someRefused = false } = {},
): Promise<{ signed: number; applied: number }> {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const { bulkId } = await world.post<{ bulkId: string }>(
    approver,
    'commissioner-approval',
    'bulk-approvals',
    { stage: 'commissioner', items },
  );
  const path = `bulk-approvals/${bulkId}`;
  const look = (done: (bulk: BulkApproval) => boolean): Promise<BulkApproval> =>
    until(
      `bulk ${bulkId} is answered`,
      async () => {
        const bulk = await world.get<BulkApproval>(approver, 'commissioner-approval', path);
        return done(bulk) && bulk;
      },
      { everyMs: LOOK_EVERY_MS },
    );
  await look(({ queued }) => queued === 0);
  const signed = seconds();
  const ended = await look(({ queued, pending }) => queued + pending === 0);
  const applied = seconds();
  if (!someRefused && ended.applied !== items.length)
    throw new Error(`of ${items.length} items ${ended.applied} were applied, ${ended.refused} refused`);
  return { signed, applied };
}

/** Declarations that can be declared, with the revision that is seen; all of one revision, if asked. */
export async function declarable(
  world: World,
  count: number,
  ofRevision?: number,
): Promise<SeenDeclaration[]> {
  const waiting = await world.rows<SeenDeclaration>(
    'declaration-workflow',
    `SELECT declaration_id AS "declarationId", revision::int AS revision FROM declaration
     WHERE status = 'AWAITING_PROVIDER_APPROVAL' AND kind = 'achievement' AND NOT held AND pence > 0
       AND awaiting IS NULL AND blocked IS NULL AND ($2::bigint IS NULL OR revision = $2)
     ORDER BY declaration_id LIMIT $1`,
    [count, ofRevision ?? null],
  );
  if (waiting.length < count)
    throw new Error(`only ${waiting.length} of ${count} declarations can be declared`);
  return waiting;
}

/**
 * One person who may act for all of England declares them; nobody who declares approves.
 * @returns seconds from the request to the last item's answer
 */
export async function declare(
  world: World,
  person: string,
  items: readonly SeenDeclaration[],
  { someRefused = false } = {},
): Promise<number> {
  const started = performance.now();
  const { bulkId } = await world.post<{ bulkId: string }>(
    person,
    'declaration-workflow',
    'bulk-declarations',
    { items, onBehalfReason: 'The benchmark declares for everybody.' },
  );
  const ended = await until(
    `bulk ${bulkId} has ended`,
    async () => {
      const bulk = await world.get<BulkDeclaration>(
        person,
        'declaration-workflow',
        `bulk-declarations/${bulkId}`,
      );
      return bulk.endedAt !== null && bulk;
    },
    { everyMs: LOOK_EVERY_MS },
  );
  const seconds = (performance.now() - started) / 1000;
  if (!someRefused && ended.declared !== items.length)
    throw new Error(`of ${items.length} items ${ended.declared} were declared, ${ended.refused} refused`);
  return seconds;
}

export const tasksOf = (
  world: World,
  declared: readonly Pick<SeenDeclaration, 'declarationId'>[],
): Promise<Task[]> =>
  world.rows(
    'commissioner-approval',
    `SELECT declaration_id AS "declarationId", declaration_version::text AS "declarationVersion" FROM approval_task
     WHERE declaration_id = ANY ($1::uuid[]) ORDER BY declaration_id`,
    [declared.map(({ declarationId }) => declarationId)],
  );
