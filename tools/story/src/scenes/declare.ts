// Each practice and PCN but one looks at what it can declare and declares all of it in one request.
import { silent, type Progress } from '@attest/invariants/progress';
import { each } from '@attest/stack/http-client';
import { declareAll } from '../declarations.js';
import { count, named, pounds, type Names } from '../words.js';
import type { World } from '../world.js';
import { totalsOf } from './totals.js';

export interface Declared {
  readonly providers: number;
  readonly declared: number;
  readonly awaitingCommissioner: number;
  readonly pence: string;
  /** Who will declare late. */
  readonly away: string;
  readonly names: Names;
}

export const title = 'Practices and networks declare what they achieved';

export async function run(world: World, progress: Progress = silent): Promise<Declared> {
  const providers = await world.rows<{ organisation_code: string }>(
    'declaration-workflow',
    `SELECT DISTINCT organisation_code FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' ORDER BY 1`,
  );
  // One of them is away, and declares in another scene.
  const away = providers.pop()?.organisation_code;
  if (!away) throw new Error('Nobody has anything to declare');
  world.late = away;
  const waiting = await world.count(
    'declaration-workflow',
    `SELECT count(*) FROM declaration WHERE status = 'AWAITING_PROVIDER_APPROVAL' AND organisation_code <> $1`,
    [away],
  );
  let declared = 0;
  await each(providers, 16, async ({ organisation_code }) => {
    const items = await declareAll(world, organisation_code);
    declared += items;
    progress(declared, waiting, 'declared');
  });
  await world.settled();
  const totals = await totalsOf(world, `status = 'AWAITING_COMMISSIONER_APPROVAL'`);
  return {
    providers: providers.length,
    declared,
    awaitingCommissioner: totals.n,
    pence: totals.pence,
    away,
    names: await world.namesOf(away),
  };
}

export function tell({ providers, declared, pence, away, names }: Declared): string[] {
  return [
    `${count(providers, 'practice or network', 'practices and networks')} looked at ${count(declared, 'figure')} worth ${pounds(pence)} and declared them right: now their commissioners have to sign.`,
    `${named(names, away)} is away and will be late.`,
  ];
}
