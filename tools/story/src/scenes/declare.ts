// @ts-nocheck
// Each practice and PCN but one looks at what it can declare and declares all of it in one request.
import { declareAll } from '../declarations.js';
import { each } from '@attest/stack/http-client';
import { silent } from '../progress.js';
import { count, named, pounds } from '../words.js';

export const title = 'Practices and networks declare what they achieved';

export async function run(world, progress = silent) {
  const providers = await world.rows(
    'declaration-workflow',
    `SELECT DISTINCT organisation_code FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' ORDER BY 1`,
  );
  // One of them is away, and declares in another scene.
  world.late = providers.pop().organisation_code;
  const waiting = await world.count(
    'declaration-workflow',
    `SELECT count(*) FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' AND organisation_code <> $1`,
    [world.late],
  );
  let declared = 0;
  await each(providers, 16, async ({ organisation_code }) => {
    const items = await declareAll(world, organisation_code);
    declared += items;
    progress(declared, waiting, 'declared');
  });
  await world.settled();
  const [totals] = await world.rows(
    'declaration-workflow',
    `SELECT count(*)::int AS n, coalesce(sum(pence), 0)::text AS pence FROM declaration WHERE status = 'AWAITING_COMMISSIONER_APPROVAL'`,
  );
  return {
    providers: providers.length,
    declared,
    awaitingCommissioner: totals.n,
    pence: totals.pence,
    away: world.late,
    names: await world.namesOf(world.late),
  };
}

export function tell({ providers, declared, pence, away, names }) {
  return [
    `${count(providers, 'practice or network', 'practices and networks')} looked at ${count(declared, 'figure')} worth ${pounds(pence)} and declared them right: now their commissioners have to sign.`,
    `${named(names, away)} is away and will be late.`,
  ];
}
