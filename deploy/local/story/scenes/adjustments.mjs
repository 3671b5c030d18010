// What changed after payment is signed like anything else and paid with the next month: more is paid, less is recovered.
import { readFileSync } from 'node:fs';
import { runAgency } from '../agency-process.mjs';
import { declarationsOf, declareThese } from '../declarations.mjs';
import { approveAll } from './approvals.mjs';
import { runOfCutOff } from './release.mjs';

export const title = 'Adjustments are signed, paid and recovered with the next month';

export async function run(world) {
  const { nextMonth } = world.manifest;
  await publishNextMonth(world);
  const adjustments = await world.rows(
    'declaration-workflow',
    `SELECT organisation_code AS provider, commissioner_code AS board, pence::text FROM declaration
      WHERE kind = 'adjustment' AND status = 'AWAITING_PROVIDER_APPROVAL' ORDER BY 1`,
  );
  const providers = [...new Set(adjustments.map((one) => one.provider))];
  // With what they earned in the next month: that is what a recovery is taken off.
  for (const provider of providers)
    await declareThese(world, provider, await declarationsOf(world, provider, 'AWAITING_PROVIDER_APPROVAL'));
  await world.settled();
  for (const stage of ['commissioner', 'finance']) {
    for (const board of new Set(adjustments.map((one) => one.board))) await approveAll(world, stage, board);
    await world.settled();
  }
  await world.moveClock(nextMonth.cutOff);
  const run = await runOfCutOff(world, nextMonth.paymentPeriod);
  await runAgency(world, { reject: [] });
  await world.settled();
  const [sums] = await world.rows(
    'payment-export',
    `SELECT coalesce(sum(-pence) FILTER (WHERE pence < 0), 0)::text AS recovered,
            (SELECT coalesce(sum(open_pence), 0)::text FROM debt) AS "openDebt" FROM ledger_entry WHERE kind = 'netted'`,
  );
  const [{ paid }] = await world.rows(
    'declaration-workflow',
    `SELECT coalesce(sum(pence), 0)::text AS paid FROM declaration
      WHERE kind = 'adjustment' AND status = 'PAID' AND pence > 0`,
  );
  const sum = (fits) =>
    adjustments
      .map(({ pence }) => BigInt(pence))
      .filter(fits)
      .reduce((all, pence) => all + pence, 0n)
      .toString();
  return {
    adjustments: adjustments.length,
    owedMorePence: sum((pence) => pence > 0n),
    owedBackPence: sum((pence) => pence < 0n),
    paidPence: paid,
    recoveredPence: sums.recovered,
    openDebtPence: sums.openDebt,
    lines: run.lines,
    pence: run.pence,
  };
}

/** One service's calendar goes on, and its figures of the next month open. */
async function publishNextMonth(world) {
  const { nextMonth, services } = world.manifest;
  const { path } = services.find((service) => service.serviceCode === nextMonth.serviceCode);
  const document = JSON.parse(readFileSync(path, 'utf8'));
  await world.post(world.people.nationalOperator, 'catalogue', 'quality-services', {
    ...document,
    calendar: [...document.calendar, nextMonth.entry],
  });
  await world.settled();
}
