// At the cut-off a run proves that nothing is still on its way, confirms, and seals the agency's file.
import { until } from '../http-client.mjs';

export const title = 'The payment is released at the cut-off';

export async function run(world) {
  await world.moveClock(world.manifest.calendar.cutOff);
  const ended = await releaseRun(world);
  return ended;
}

/** Starts a run of the month and waits for its end. */
export async function releaseRun(world) {
  const { nationalOperator } = world.people;
  const run = await world.post(nationalOperator, 'payment-export', 'release-runs', {
    paymentPeriod: world.manifest.paymentPeriod,
  });
  const ended = await until(
    `release run ${run.runId} ends`,
    async () => {
      const now = await world.get(nationalOperator, 'payment-export', `release-runs/${run.runId}`);
      return ['sealed', 'aborted'].includes(now.state) && now;
    },
    { withinMs: 180_000, everyMs: 50 },
  );
  if (ended.state !== 'sealed') throw new Error(`The run was aborted: ${ended.words}`);
  await world.settled();
  return {
    runId: ended.runId,
    files: ended.files.length,
    lines: ended.included,
    notIncluded: ended.notIncluded,
    pence: ended.files.reduce((sum, file) => sum + BigInt(file.totalPence ?? file.pence), 0n).toString(),
  };
}
