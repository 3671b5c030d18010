// @ts-nocheck
// At the cut-off a run proves that nothing is still on its way, confirms, and seals the agency's file.
import { until } from '@attest/stack/http-client';
import { silent } from '../progress.js';
import { count, pounds } from '../words.js';

export const title = 'The payment is released at the cut-off';

export async function run(world, progress = silent) {
  await world.moveClock(world.manifest.calendar.cutOff);
  return runOfCutOff(world, world.manifest.paymentPeriod, progress);
}

/** Once the clock has passed the cut-off of a period: the calendar starts its run, nobody has to think of it. */
export async function runOfCutOff(world, paymentPeriod, progress = silent) {
  const run = await until(`the run of ${paymentPeriod} starts`, async () => {
    const { items } = await world.get(
      world.people.nationalOperator,
      'payment-export',
      'release-runs?limit=1',
    );
    return items[0]?.paymentPeriod === paymentPeriod && items[0];
  });
  return endOf(world, run.runId, progress);
}

/** Starts a run outside the calendar, for what the last one left, and waits for its end. */
export async function releaseRun(world, progress = silent) {
  const { nationalOperator } = world.people;
  const run = await world.post(nationalOperator, 'payment-export', 'release-runs', {
    paymentPeriod: world.manifest.paymentPeriod,
  });
  return endOf(world, run.runId, progress);
}

async function endOf(world, runId, progress) {
  const ended = await until(
    `release run ${runId} ends`,
    async () => {
      const now = await world.get(world.people.nationalOperator, 'payment-export', `release-runs/${runId}`);
      // What is confirmed is counted until it stands in a file, and included from then on.
      if (now.listed > 0)
        progress(Math.max(now.confirmed, now.included), now.listed, 'confirmed for payment:');
      return ['sealed', 'aborted'].includes(now.state) && now;
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

export function tell({ files, lines, notIncluded, pence }) {
  return [
    `At the cut-off nothing more was on its way: ${count(lines, 'payment')} worth ${pounds(pence)} ${lines === 1 ? 'was' : 'were'} confirmed and sealed in ${count(files, 'file')} for the payment agency.`,
    ...(notIncluded > 0
      ? [`${count(notIncluded, 'approved declaration')} could not be included and will say why.`]
      : []),
  ];
}
