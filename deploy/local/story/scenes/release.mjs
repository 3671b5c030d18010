// At the cut-off a run proves that nothing is still on its way, confirms, and seals the agency's file.
import { until } from '../http-client.mjs';

export const title = 'The payment is released at the cut-off';

export async function run(world) {
  await world.moveClock(world.manifest.calendar.cutOff);
  return runOfCutOff(world, world.manifest.paymentPeriod);
}

/** Once the clock has passed the cut-off of a period: the calendar starts its run, nobody has to think of it. */
export async function runOfCutOff(world, paymentPeriod) {
  const run = await until(`the run of ${paymentPeriod} starts`, async () => {
    const { items } = await world.get(
      world.people.nationalOperator,
      'payment-export',
      'release-runs?limit=1',
    );
    return items[0]?.paymentPeriod === paymentPeriod && items[0];
  });
  return endOf(world, run.runId);
}

/** Starts a run outside the calendar, for what the last one left, and waits for its end. */
export async function releaseRun(world) {
  const { nationalOperator } = world.people;
  const run = await world.post(nationalOperator, 'payment-export', 'release-runs', {
    paymentPeriod: world.manifest.paymentPeriod,
  });
  return endOf(world, run.runId);
}

async function endOf(world, runId) {
  const ended = await until(
    `release run ${runId} ends`,
    async () => {
      const now = await world.get(world.people.nationalOperator, 'payment-export', `release-runs/${runId}`);
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
