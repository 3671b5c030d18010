// @ts-nocheck
// Counts of items from amounts paid. What is no positive whole multiple of the fee is left out, with the reason.
import { ITEM_ACHIEVEMENT_DATE, ITEM_SERVICES, penceOf } from './item-services.js';

/**
 * @typedef {object} ItemCount
 * @property {string} practiceCode
 * @property {(typeof ITEM_SERVICES)[number]} service
 * @property {bigint} count
 * @property {bigint} pence
 */

/**
 * @param {Iterable<Record<string, string>>} payments rows of the payments layout
 * @param {ReadonlyMap<string, string>} closedOn last day by practice; empty while open
 * @returns {{ taken: ItemCount[], leftOut: [practiceCode: string, serviceCode: string, amount: string, reason: string][] }}
 */
export function itemsOf(payments, closedOn) {
  const taken = [];
  const leftOut = [];
  for (const row of payments) {
    const practiceCode = row['Practice Code'];
    for (const service of ITEM_SERVICES) {
      const text = row[service.column];
      const pence = penceOf(text);
      const reason = reasonToLeaveOut(pence, service, closedOn.get(practiceCode));
      if (reason) leftOut.push([practiceCode, service.serviceCode, text, reason]);
      else taken.push({ practiceCode, service, count: pence / service.feePence, pence });
    }
  }
  return { taken, leftOut };
}

function reasonToLeaveOut(pence, { feePence }, closedOn) {
  if (pence === undefined) return 'no amount';
  if (pence === 0n) return 'nil: did not take part';
  if (pence < 0n) return 'negative: an adjustment';
  if (pence % feePence !== 0n) return 'not a whole multiple of the fee: an adjustment or another year';
  if (closedOn && closedOn < ITEM_ACHIEVEMENT_DATE) return 'the practice closed before the achievement date';
  return undefined;
}
