// @ts-nocheck
// What changed after payment is signed like anything else and paid with the next month: more is paid, less is recovered.
import { readFileSync } from 'node:fs';
import { runAgency } from '../agency-process.js';
import { silent } from '../progress.js';
import { count, isNil, monthName, pounds } from '../words.js';
import { owedOf } from './moved-after-payment.js';
import { declarationsOf, declareThese } from '../declarations.js';
import { approveAll } from './approvals.js';
import { runOfCutOff } from './release.js';

export const title = 'Adjustments are signed, paid and recovered with the next month';

export async function run(world, progress = silent) {
  const { nextMonth } = world.manifest;
  await publishNextMonth(world);
  const adjustments = await world.rows(
    'declaration-workflow',
    `SELECT organisation_code AS provider, commissioner_code AS board, pence::text FROM declaration
      WHERE kind = 'adjustment' AND status = 'AWAITING_PROVIDER_APPROVAL' ORDER BY 1`,
  );
  progress.step('the next month opens, is declared and approved');
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
  const run = await runOfCutOff(world, nextMonth.paymentPeriod, progress);
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
  return {
    adjustments: adjustments.length,
    paymentPeriod: nextMonth.paymentPeriod,
    ...owedOf(adjustments),
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

export function tell({ adjustments, paidPence, recoveredPence, openDebtPence, paymentPeriod }) {
  const settled = [
    ...(isNil(paidPence) ? [] : [`${pounds(paidPence)} was paid`]),
    ...(isNil(recoveredPence)
      ? []
      : [`${pounds(recoveredPence)} was recovered, taken off what its network earned`]),
  ];
  return [
    `${count(adjustments, 'adjustment was', 'adjustments were')} declared and signed like anything else, and settled with the payment of ${monthName(paymentPeriod)}: ${settled.join('; ') || 'nothing was to be paid or recovered'}.`,
    ...(isNil(openDebtPence)
      ? []
      : [`${pounds(openDebtPence)} is still to be recovered from later payments.`]),
  ];
}
