// A practice leaves its PCN and joins another: what depends on it is held in both PCNs until it is added up again.
import type { Hold } from '@attest/contracts';
import { silent, type Progress } from '@attest/invariants/progress';
import { until } from '@attest/stack/http-client';
import { declareAll, type Declaration } from '../declarations.js';
import { count, named, pounds, type Names } from '../words.js';
import type { World } from '../world.js';

export interface MembershipChanged {
  readonly practice: string;
  readonly from: string;
  readonly to: string;
  readonly names: Names;
  readonly held: number;
  readonly heldPence: string;
  readonly heldMs: number;
  /** The code with which a release is refused before figures are new. */
  readonly refused: string;
  readonly released: number;
}

export const title = 'A practice moves to another network';

export async function run(world: World, progress: Progress = silent): Promise<MembershipChanged> {
  const { people } = world;
  const move = world.manifest.cast.mover;
  const [from, to] = [move.leavesPcnCode, move.joinsPcnCode];
  const pcns = [from, to];
  // With aggregation's consumer paused nothing races: the refusal of the release below is not a matter of luck.
  await world.post(people.nationalOperator, 'aggregation', 'operations/consumption/pause', {
    topic: 'pcn-memberships',
    reason: 'The story shows a hold that waits for new figures.',
  });
  const started = performance.now();
  await world.post(people.organisationAdministrator, 'organisations', 'pcn-membership-changes', {
    practiceCode: move.practiceCode,
    leavesPcnCode: move.leavesPcnCode,
    joinsPcnCode: move.joinsPcnCode,
    effectiveOn: move.effectiveOn,
    reason: 'The partners agreed to move.',
  });
  const expected = await world.count(
    'declaration-workflow',
    `SELECT count(*) FROM declaration WHERE organisation_code = ANY($1) AND kind = 'achievement'`,
    [pcns],
  );
  const held: Declaration[] = await until('the declarations of both PCNs are held', async () => {
    const found = await heldOf(world, pcns);
    progress(found.length, expected, 'held');
    return found.length >= expected ? found : undefined;
  });
  const heldMs = performance.now() - started;

  const left = held.find((declaration) =>
    declaration.holds.some((hold) => hold.code === 'PCN_PRACTICE_LEFT'),
  );
  const [leaveHold] = left?.holds ?? [];
  if (!left || !leaveHold) throw new Error(`Nothing of ${from} is held for the practice that left`);
  const refusal = await release(world, left, leaveHold);
  if (refusal.status !== 409 || refusal.body.code !== 'HOLD_AWAITS_REAGGREGATION') {
    throw new Error(
      `The leave hold should wait for new figures, but its release answered ${refusal.status} ${refusal.body.code}`,
    );
  }

  progress.step('the networks’ figures are added up again');
  await world.post(people.nationalOperator, 'aggregation', 'operations/consumption/resume', {
    topic: 'pcn-memberships',
  });
  await world.settled();
  let released = 0;
  for (const declaration of await heldOf(world, pcns)) {
    for (const hold of declaration.holds) {
      const answer = await release(world, declaration, hold);
      if (answer.status >= 400)
        throw new Error(`Hold ${hold.code} was not released: ${answer.status} ${answer.body.code}`);
      released++;
    }
  }
  await world.settled();
  for (const pcn of pcns) await declareAll(world, pcn);
  await world.settled();
  return {
    practice: move.practiceCode,
    from,
    to,
    names: await world.namesOf(move.practiceCode, ...pcns),
    held: held.length,
    heldPence: held.reduce((sum, { pence }) => sum + BigInt(pence), 0n).toString(),
    heldMs: Math.ceil(heldMs),
    refused: refusal.body.code,
    released,
  };
}

export function tell({
  practice,
  from,
  to,
  names,
  held,
  heldMs,
  heldPence,
  released,
}: MembershipChanged): string[] {
  return [
    `${named(names, practice)} moved from ${named(names, from)} to ${named(names, to)}: within ${(heldMs / 1000).toFixed(2)} s ${count(held, 'declaration of the two networks was', 'declarations of the two networks were')} held, ${pounds(heldPence)} waits.`,
    `Nobody could release them before they had been added up anew; then ${count(released, 'hold was', 'holds were')} released, and the networks declared again.`,
  ];
}

async function heldOf(world: World, organisationCodes: readonly string[]): Promise<Declaration[]> {
  const lists = await Promise.all(
    organisationCodes.map((code) =>
      world.all<Declaration>(
        world.people.nationalOperator,
        'declaration-workflow',
        `declarations?organisationCode=${code}&held=true`,
      ),
    ),
  );
  return lists.flat();
}

async function release(world: World, declaration: Declaration, hold: Hold) {
  const approver = world.approverOf(declaration.commissionerCode);
  const path = `declarations/${declaration.declarationId}`;
  const { revision } = await world.get<Declaration>(approver, 'declaration-workflow', path);
  return world.tryPost<Declaration>(
    approver,
    'declaration-workflow',
    `${path}/holds/${hold.holdId}/release`,
    { confirmation: true, reason: 'Both figures were compared with the PCN.' },
    { 'if-match': `"${revision}"` },
  );
}
