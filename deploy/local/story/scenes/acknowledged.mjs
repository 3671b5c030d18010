// The agency reads its file and answers line by line; two lines are rejected, corrected by two people and paid again.
import { runAgency } from '../agency-process.mjs';
import { releaseRun } from './release.mjs';

export const title = 'The agency answers; two lines are corrected and paid again';

export async function run(world) {
  const first = await runAgency(world, { reject: world.manifest.cast.rejected });
  await world.settled();
  const rejected = await world.all(
    world.people.nationalOperator,
    'declaration-workflow',
    'declarations?status=REJECTED_BY_AGENCY',
  );
  for (const declaration of rejected) {
    const correction = await world.post(
      world.approverOf(declaration.commissionerCode),
      'declaration-workflow',
      `declarations/${declaration.declarationId}/corrections`,
      { reason: 'The account was closed; the payee gave the new one.' },
      { 'if-match': `"${declaration.revision}"` },
    );
    const second = world.secondApproverOf(declaration.commissionerCode);
    const proposed = await world.get(
      second,
      'declaration-workflow',
      `declarations/${declaration.declarationId}`,
    );
    await world.post(
      second,
      'declaration-workflow',
      `declarations/${declaration.declarationId}/corrections/${correction.correctionId}/confirm`,
      {},
      { 'if-match': `"${proposed.revision}"` },
    );
  }
  await world.settled();
  const again = await releaseRun(world);
  const second = await runAgency(world, { reject: [] });
  await world.settled();
  const [paid] = await world.rows(
    'declaration-workflow',
    `SELECT count(*)::int AS n, sum(pence)::text AS pence FROM declaration WHERE status = 'PAID'`,
  );
  return {
    acknowledged: first.accepted + second.accepted,
    rejected: rejected.length,
    reinstructed: again.lines,
    paid: paid.n,
    pence: paid.pence,
  };
}
