// Counts of items from amounts paid. What is no positive whole multiple of the fee is left out, with the reason.
import { ITEM_ACHIEVEMENT_DATE, ITEM_SERVICES, penceOf, type ItemService } from './item-services.js';
import type { PaymentRow } from './published-files.js';

export interface ItemCount {
  readonly practiceCode: string;
  readonly service: ItemService;
  readonly count: bigint;
  readonly pence: bigint;
}
export type LeftOut = readonly [practiceCode: string, serviceCode: string, amount: string, reason: string];

/** `closedOn` is the last day by practice; empty while open. */
export function itemsOf(
  payments: Iterable<PaymentRow>,
  closedOn: ReadonlyMap<string, string>,
): { taken: ItemCount[]; leftOut: LeftOut[] } {
  const taken: ItemCount[] = [];
  const leftOut: LeftOut[] = [];
  for (const row of payments) {
    const practiceCode = row['Practice Code'];
    for (const service of ITEM_SERVICES) {
      const text = row[service.column];
      const found = countOf(penceOf(text), service, closedOn.get(practiceCode));
      if ('reason' in found) leftOut.push([practiceCode, service.serviceCode, text, found.reason]);
      else taken.push({ practiceCode, service, ...found });
    }
  }
  return { taken, leftOut };
}

/** How many items were paid, or why the amount counts none. */
function countOf(
  pence: bigint | undefined,
  { feePence }: ItemService,
  closedOn: string | undefined,
): { count: bigint; pence: bigint } | { reason: string } {
  if (pence === undefined) return { reason: 'no amount' };
  if (pence === 0n) return { reason: 'nil: did not take part' };
  if (pence < 0n) return { reason: 'negative: an adjustment' };
  if (pence % feePence !== 0n)
    return { reason: 'not a whole multiple of the fee: an adjustment or another year' };
  if (closedOn && closedOn < ITEM_ACHIEVEMENT_DATE)
    return { reason: 'the practice closed before the achievement date' };
  return { count: pence / feePence, pence };
}
