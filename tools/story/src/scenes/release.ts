// At the cut-off a run proves that nothing is still on its way, confirms, and seals the agency's file.
import { silent, type Progress } from '@attest/invariants/progress';
import { until } from '@attest/stack/http-client';
import { count, pounds } from '../words.js';
import type { World } from '../world.js';

export interface Released {
  readonly runId: string;
  readonly files: number;
  readonly lines: number;
  readonly notIncluded: number;
  readonly pence: string;
}

/** A release run, as payment-export answers with it. */
interface Run {
  readonly runId: string;
  readonly paymentPeriod: string;
  readonly state: string;
  readonly listed: number;
  readonly confirmed: number;
  readonly included: number;
  readonly notIncluded: number;
  readonly words: string;
  readonly files: readonly { readonly totalPence: string }[];
}

export const title = 'The payment is released at the cut-off';

export async function run(world: World, progress: Progress = silent): Promise<Released> {
  await world.moveClock(world.manifest.calendar.cutOff);
  return runOfCutOff(world, world.manifest.paymentPeriod, progress);
}

/** Once the clock has passed the cut-off of a period: the calendar starts its run, nobody has to think of it. */
export async function runOfCutOff(
  world: World,
  paymentPeriod: string,
  progress: Progress = silent,
): Promise<Released> {
  const run: Run = await until(`the run of ${paymentPeriod} starts`, async () => {
    const { items } = await world.get<{ items: Run[] }>(
      world.people.nationalOperator,
      'payment-export',
      'release-runs?limit=1',
    );
    return items[0]?.paymentPeriod === paymentPeriod ? items[0] : undefined;
  });
  return endOf(world, run.runId, progress);
}

/** Starts a run outside the calendar, for what the last one left, and waits for its end. */
export async function releaseRun(world: World, progress: Progress = silent): Promise<Released> {
  const { nationalOperator } = world.people;
  const run = await world.post<Run>(nationalOperator, 'payment-export', 'release-runs', {
    paymentPeriod: world.manifest.paymentPeriod,
  });
  return endOf(world, run.runId, progress);
}

async function endOf(world: World, runId: string, progress: Progress): Promise<Released> {
  const ended: Run = await until(
    `release run ${runId} ends`,
    async () => {
      const now = await world.get<Run>(
        world.people.nationalOperator,
        'payment-export',
        `release-runs/${runId}`,
      );
      // What is confirmed is counted until it stands in a file, and included from then on.
      if (now.listed > 0)
        progress(Math.max(now.confirmed, now.included), now.listed, 'confirmed for payment:');
      return ['sealed', 'aborted'].includes(now.state) ? now : undefined;
    },
    { withinMs: 600_000, everyMs: 500 },
  );
  if (ended.state !== 'sealed') throw new Error(`The run was aborted: ${ended.words}`);
  await world.settled();
  return {
    runId: ended.runId,
    files: ended.files.length,
    lines: ended.included,
    notIncluded: ended.notIncluded,
    pence: ended.files.reduce((sum, file) => sum + BigInt(file.totalPence), 0n).toString(),
  };
}

export function tell({ files, lines, notIncluded, pence }: Released): string[] {
  return [
    `At the cut-off nothing more was on its way: ${count(lines, 'payment')} worth ${pounds(pence)} ${lines === 1 ? 'was' : 'were'} confirmed and sealed in ${count(files, 'file')} for the payment agency.`,
    ...(notIncluded > 0
      ? [`${count(notIncluded, 'approved declaration')} could not be included and will say why.`]
      : []),
  ];
}
