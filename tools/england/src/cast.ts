// Who plays which part in the story: chosen by rule from the data, the same in every run on the same data.
import type { ItemCount } from './item-counts.js';
import { ITEM_SERVICES } from './item-services.js';
import type { Move, PaymentLine } from './manifest.js';
import type { JulyRow } from './published-files.js';

/** Two practices that move between PCNs of one commissioner, each leaving at least two members behind. */
export function chooseMovers(practices: readonly JulyRow[]): { mover: Move; lateMover: Move } {
  const membersByPcn = new Map<string, JulyRow[]>();
  for (const row of practices) {
    if (row.pcn_code === 'U' || Number(row.registered_patients) === 0) continue;
    membersByPcn.set(row.pcn_code, [...(membersByPcn.get(row.pcn_code) ?? []), row]);
  }
  const pcns = [...membersByPcn].sort(([a], [b]) => (a < b ? -1 : 1));
  const used = new Set<string>();
  const choose = (): Move => {
    for (const [from, members] of pcns) {
      const [mover] = [...members].sort((a, b) => (a.practice_code < b.practice_code ? -1 : 1));
      const boards = new Set(members.map((row) => row.icb_code));
      if (used.has(from) || !mover || members.length < 3 || boards.size !== 1) continue;
      const [board] = boards;
      const [to] =
        pcns.find(
          ([code, others]) =>
            code !== from &&
            !used.has(code) &&
            others.length >= 2 &&
            others.every((row) => row.icb_code === board),
        ) ?? [];
      if (!to) continue;
      used.add(from).add(to);
      return {
        practiceCode: mover.practice_code,
        leavesPcnCode: from,
        joinsPcnCode: to,
        effectiveOn: '2026-07-20',
      };
    }
    throw new Error(
      'No PCN has three members beside another PCN of the same commissioner: the files hold too little for the story.',
    );
  };
  return { mover: choose(), lateMover: choose() };
}

/** The practice whose figure is amended: the first of the first service. */
export function chooseAmended(items: readonly ItemCount[]): ItemCount {
  const [first] = itemsOfService(items, 0);
  if (!first)
    throw new Error(
      `No practice is paid for ${ITEM_SERVICES[0].serviceCode}: the files hold too little for the story.`,
    );
  return first;
}

/** Two lines that the agency will reject: the last two practices of the second service. */
export const chooseRejected = (items: readonly ItemCount[]): PaymentLine[] =>
  itemsOfService(items, 1)
    .slice(-2)
    .map(({ practiceCode, service }) => ({ providerCode: practiceCode, serviceCode: service.serviceCode }));

/** In the order of their practices. */
const itemsOfService = (items: readonly ItemCount[], at: number): ItemCount[] =>
  items
    .filter(({ service }) => service === ITEM_SERVICES[at])
    .sort((a, b) => (a.practiceCode < b.practiceCode ? -1 : 1));
