// @ts-nocheck
// A practice leaves its PCN and joins another: what depends on it is held in both PCNs until it is added up again.
import { declareAll } from '../declarations.js';
import { until } from '@attest/stack/http-client';
import { silent } from '../progress.js';
import { count, named, pounds } from '../words.js';

export const title = 'A practice moves to another network';

export async function run(world, progress = silent) {
  const { people } = world;
  const move = world.manifest.cast.mover;
  const pcns = [move.leavesPcnCode, move.joinsPcnCode];
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
  const held = await until('the declarations of both PCNs are held', async () => {
    const found = await heldOf(world, pcns);
    progress(found.length, expected, 'held');
    return found.length >= expected && found;
  });
  const heldMs = performance.now() - started;

  const left = held.find((declaration) =>
    declaration.holds.some((hold) => hold.code === 'PCN_PRACTICE_LEFT'),
  );
  const refusal = await release(world, left, left.holds[0]);
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
    from: pcns[0],
    to: pcns[1],
    names: await world.namesOf(move.practiceCode, ...pcns),
    held: held.length,
    heldPence: held.reduce((sum, { pence }) => sum + BigInt(pence), 0n).toString(),
    heldMs: Math.ceil(heldMs),
    refused: refusal.body.code,
    released,
  };
}

export function tell({ practice, from, to, names, held, heldMs, heldPence, released }) {
  return [
    `${named(names, practice)} moved from ${named(names, from)} to ${named(names, to)}: within ${(heldMs / 1000).toFixed(2)} s ${count(held, 'declaration of the two networks was', 'declarations of the two networks were')} held, ${pounds(heldPence)} waits.`,
    `Nobody could release them before they had been added up anew; then ${count(released, 'hold was', 'holds were')} released, and the networks declared again.`,
  ];
}

async function heldOf(world, organisationCodes) {
  const lists = await Promise.all(
    organisationCodes.map((code) =>
      world.all(
        world.people.nationalOperator,
        'declaration-workflow',
        `declarations?organisationCode=${code}&held=true`,
      ),
    ),
  );
  return lists.flat();
}

async function release(world, declaration, hold) {
  const approver = world.approverOf(declaration.commissionerCode);
  const path = `declarations/${declaration.declarationId}`;
  const { revision } = await world.get(approver, 'declaration-workflow', path);
  return world.tryPost(
    approver,
    'declaration-workflow',
    `${path}/holds/${hold.holdId}/release`,
    { confirmation: true, reason: 'Both figures were compared with the PCN.' },
    { 'if-match': `"${revision}"` },
  );
}
