// @ts-nocheck
// The agency reads its file and answers line by line; two lines are rejected, corrected by two people and paid again.
import { runAgency } from '../agency-process.js';
import { silent } from '../progress.js';
import { count, isNil, listed, named, number, pounds } from '../words.js';
import { releaseRun } from './release.js';

export const title = 'The agency answers; what it rejects is put right and paid again';

export async function run(world, progress = silent) {
  progress.step('the agency checks the file and answers each line');
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
  progress.step('what was put right is paid again');
  const again = await releaseRun(world);
  const second = await runAgency(world, { reject: [] });
  await world.settled();
  const [paid] = await world.rows(
    'declaration-workflow',
    `SELECT count(*)::int AS n, coalesce(sum(pence), 0)::text AS pence FROM declaration WHERE status = 'PAID'`,
  );
  const providers = rejected.map(({ organisationCode }) => organisationCode);
  return {
    acknowledged: first.accepted + second.accepted,
    rejected: rejected.length,
    rejectedProviders: providers,
    names: await world.namesOf(...providers),
    reinstructed: again.lines,
    paid: paid.n,
    pence: paid.pence,
  };
}

export function tell({ acknowledged, rejected, rejectedProviders, reinstructed, pence, names }) {
  return [
    rejected === 0
      ? `The agency answered ${count(acknowledged, 'line')} and rejected none.`
      : `The agency paid ${count(acknowledged - reinstructed, 'line')} and rejected ${rejected === 1 ? 'one' : number(rejected)}, because the account was closed: ${listed(rejectedProviders.map((code) => named(names, code)))}.`,
    ...(rejected === 0
      ? []
      : [
          `Two people confirmed each new account, and ${count(reinstructed, 'line')} ${reinstructed === 1 ? 'was' : 'were'} paid in a second file.`,
        ]),
    `${isNil(pence) ? 'Nothing' : pounds(pence)} is paid.`,
  ];
}
