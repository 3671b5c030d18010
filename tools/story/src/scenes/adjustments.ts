// What changed after payment is signed like anything else and paid with the next month: more is paid, less is recovered.
import { APPROVAL_STAGES } from '@attest/contracts';
import { silent, type Progress } from '@attest/invariants/progress';
import { runAgency } from '../agency-process.js';
import { declarationsOf, declareThese } from '../declarations.js';
import { count, isNil, monthName, pounds } from '../words.js';
import { documentIn, type World } from '../world.js';
import { approveAll } from './approvals.js';
import { owedOf, type Owed } from './moved-after-payment.js';
import { runOfCutOff } from './release.js';

export interface Adjusted extends Owed {
  readonly adjustments: number;
  readonly paymentPeriod: string;
  readonly paidPence: string;
  readonly recoveredPence: string;
  readonly openDebtPence: string;
  readonly lines: number;
  readonly pence: string;
}

interface Adjustment {
  readonly provider: string;
  readonly board: string;
  readonly pence: string;
}

export const title = 'Adjustments are signed, paid and recovered with the next month';

export async function run(world: World, progress: Progress = silent): Promise<Adjusted> {
  const { nextMonth } = world.manifest;
  await publishNextMonth(world);
  const adjustments = await world.rows<Adjustment>(
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
  for (const stage of APPROVAL_STAGES) {
    for (const board of new Set(adjustments.map((one) => one.board))) await approveAll(world, stage, board);
    await world.settled();
  }
  await world.moveClock(nextMonth.cutOff);
  const run = await runOfCutOff(world, nextMonth.paymentPeriod, progress);
  await runAgency(world, { reject: [] });
  await world.settled();
  const [sums] = await world.rows<{ recovered: string; openDebt: string }>(
    'payment-export',
    `SELECT coalesce(sum(-pence) FILTER (WHERE pence < 0), 0)::text AS recovered,
            (SELECT coalesce(sum(open_pence), 0)::text FROM debt) AS "openDebt" FROM ledger_entry WHERE kind = 'netted'`,
  );
  const [paid] = await world.rows<{ pence: string }>(
    'declaration-workflow',
    `SELECT coalesce(sum(pence), 0)::text AS pence FROM declaration
      WHERE kind = 'adjustment' AND status = 'PAID' AND pence > 0`,
  );
  return {
    adjustments: adjustments.length,
    paymentPeriod: nextMonth.paymentPeriod,
    ...owedOf(adjustments),
    paidPence: paid?.pence ?? '0',
    recoveredPence: sums?.recovered ?? '0',
    openDebtPence: sums?.openDebt ?? '0',
    lines: run.lines,
    pence: run.pence,
  };
}

/** One service's calendar goes on, and its figures of the next month open. */
async function publishNextMonth(world: World): Promise<void> {
  const { nextMonth, services } = world.manifest;
  const service = services.find(({ serviceCode }) => serviceCode === nextMonth.serviceCode);
  if (!service) throw new Error(`The month has no ${nextMonth.serviceCode}`);
  const document = documentIn(service.path);
  await world.post(world.people.nationalOperator, 'catalogue', 'quality-services', {
    ...document,
    calendar: [...document.calendar, nextMonth.entry],
  });
  await world.settled();
}

export function tell({
  adjustments,
  paidPence,
  recoveredPence,
  openDebtPence,
  paymentPeriod,
}: Adjusted): string[] {
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
