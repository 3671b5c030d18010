// @ts-nocheck
// Who plays which part in the story: chosen by rule from the data, the same in every run on the same data.
import { ITEM_SERVICES } from './item-services.js';

/** Two practices that move between PCNs of one commissioner, each leaving at least two members behind. */
export function chooseMovers(practices) {
  const pcns = new Map();
  for (const row of practices) {
    if (row.pcn_code === 'U' || Number(row.registered_patients) === 0) continue;
    pcns.set(row.pcn_code, [...(pcns.get(row.pcn_code) ?? []), row]);
  }
  const codes = [...pcns.keys()].sort();
  const used = new Set();
  const choose = () => {
    for (const from of codes) {
      const members = pcns.get(from);
      const boards = new Set(members.map((row) => row.icb_code));
      if (used.has(from) || members.length < 3 || boards.size !== 1) continue;
      const [board] = boards;
      const to = codes.find(
        (code) =>
          code !== from &&
          !used.has(code) &&
          pcns.get(code).length >= 2 &&
          pcns.get(code).every((row) => row.icb_code === board),
      );
      if (!to) continue;
      used.add(from).add(to);
      const [mover] = [...members].sort((a, b) => (a.practice_code < b.practice_code ? -1 : 1));
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
export const chooseAmended = (items) => [...itemsOfService(items, 0)].sort(byPractice)[0];

/** Two lines that the agency will reject: the last two practices of the second service. */
export const chooseRejected = (items) =>
  [...itemsOfService(items, 1)]
    .sort(byPractice)
    .slice(-2)
    .map(({ practiceCode, service }) => ({ providerCode: practiceCode, serviceCode: service.serviceCode }));

const itemsOfService = (items, at) => items.filter(({ service }) => service === ITEM_SERVICES[at]);
const byPractice = (a, b) => (a.practiceCode < b.practiceCode ? -1 : 1);
