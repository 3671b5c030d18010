// The agency reads its file and answers line by line; two lines are rejected, corrected by two people and paid again.
import { silent, type Progress } from '@attest/invariants/progress';
import { runAgency } from '../agency-process.js';
import type { Declaration } from '../declarations.js';
import { count, isNil, listed, named, number, pounds, type Names } from '../words.js';
import type { World } from '../world.js';
import { releaseRun } from './release.js';
import { totalsOf } from './totals.js';

export interface Acknowledged {
  readonly acknowledged: number;
  readonly rejected: number;
  readonly rejectedProviders: readonly string[];
  readonly names: Names;
  /** Lines of the second file. */
  readonly reinstructed: number;
  readonly paid: number;
  readonly pence: string;
  /** Until the agency's answers to the first file were taken, and until all that it accepted was paid everywhere. */
  readonly answeredSeconds: number;
  readonly paidSeconds: number;
}

export const title = 'The agency answers; what it rejects is put right and paid again';

export async function run(world: World, progress: Progress = silent): Promise<Acknowledged> {
  progress.step('the agency checks the file and answers each line');
  const started = performance.now();
  const seconds = (): number => Number(((performance.now() - started) / 1000).toFixed(2));
  const first = await runAgency(world, { reject: world.manifest.cast.rejected });
  const answeredSeconds = seconds();
  await world.settled();
  const paidSeconds = seconds();
  const rejected = await world.all<Declaration>(
    world.people.nationalOperator,
    'declaration-workflow',
    'declarations?status=REJECTED_BY_AGENCY',
  );
  for (const declaration of rejected) await correct(world, declaration);
  await world.settled();
  progress.step('what was put right is paid again');
  const again = await releaseRun(world);
  const second = await runAgency(world, { reject: [] });
  await world.settled();
  const paid = await totalsOf(world, `status = 'PAID'`);
  const providers = rejected.map(({ organisationCode }) => organisationCode);
  return {
    acknowledged: first.accepted + second.accepted,
    rejected: rejected.length,
    rejectedProviders: providers,
    names: await world.namesOf(...providers),
    reinstructed: again.lines,
    paid: paid.n,
    pence: paid.pence,
    answeredSeconds,
    paidSeconds,
  };
}

export function tell({
  acknowledged,
  rejected,
  rejectedProviders,
  reinstructed,
  pence,
  names,
}: Acknowledged): string[] {
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

/** Two people of the commissioner put the payee right: the second confirms what the first proposed. */
async function correct(world: World, declaration: Declaration): Promise<void> {
  const correction = await world.post<{ correctionId: string }>(
    world.approverOf(declaration.commissionerCode),
    'declaration-workflow',
    `declarations/${declaration.declarationId}/corrections`,
    { reason: 'The account was closed; the payee gave the new one.' },
    { 'if-match': `"${declaration.revision}"` },
  );
  const second = world.secondApproverOf(declaration.commissionerCode);
  const proposed = await world.get<Declaration>(
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
