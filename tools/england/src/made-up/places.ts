// @ts-nocheck
// Regions, ICBs, sub-ICBs and the PCNs of July 2026 with their members.
import * as codes from './codes.js';
import * as shape from './shape.js';

/**
 * @typedef {object} Pcn
 * @property {string} code
 * @property {object} icb
 * @property {string} subIcb
 * @property {string} openOn
 * @property {string} closeOn empty while open; else its last day
 * @property {boolean} published stands in the file of October 2024
 * @property {object[]} members practices of July 2026
 */

/** ICBs with their region and sub-ICBs; larger ones have more. */
export function makeIcbs() {
  const icbs = shape.PRACTICES_OF_ICBS.map((practices, at) => ({
    code: codes.icbCode(at + 1),
    number: at + 1,
    region: codes.regionCode(shape.REGIONS_OF_ICBS[at]),
    practices,
    subIcbs: [],
  }));
  for (let number = 1; number <= shape.SUB_ICBS; number++) {
    const crowding = (icb) => (icb.subIcbs.length === 0 ? Infinity : icb.practices / icb.subIcbs.length);
    const [most] = [...icbs].sort((a, b) => crowding(b) - crowding(a));
    most.subIcbs.push(codes.subIcbCode(number));
  }
  return icbs;
}

/** Boards that no file of July 2026 names, with places that nobody took over. */
export const makeFormerIcbs = () =>
  Array.from({ length: shape.FORMER_ICBS }, (_, at) => ({
    code: codes.formerIcbCode(at + 1),
    number: at + 1,
    region: codes.regionCode((at % shape.REGIONS) + 1),
    subIcbs: [codes.subIcbCode(shape.SUB_ICBS + at + 1)],
  }));

/** Which July practices belong together: each ICB is filled with PCNs of the published sizes. */
export function placeJuly(chance, icbs) {
  const alone = chance
    .shuffle(icbs.flatMap((icb) => Array(icb.practices).fill(icb)))
    .slice(0, shape.UNALLOCATED);
  const places = new Map(icbs.map((icb) => [icb, icb.practices - alone.filter((one) => one === icb).length]));
  const practices = alone.map((icb) => practiceIn(icb, chance.of(icb.subIcbs), null));
  const pcns = [];
  // Large ones first: what is left at the end is then small enough for every gap.
  for (const size of sizesDescending()) {
    const icb = placeFor(chance, places, size);
    places.set(icb, places.get(icb) - size);
    const pcn = newPcn(icb, icb.subIcbs[pcns.length % icb.subIcbs.length]);
    pcn.members = Array.from({ length: size }, () => practiceIn(icb, pcn.subIcb, pcn));
    pcns.push(pcn);
    practices.push(...pcn.members);
  }
  // One PCN reaches over the border of two ICBs, as one does in July 2026.
  const wide = pcns.find((pcn) => pcn.members.length >= 6 && pcn.icb === icbs[0]);
  moveOver(wide.members[0], icbs[1]);
  giveLists(chance, practices);
  return { pcns, practices };
}

const sizesDescending = () =>
  Object.entries(shape.PCNS_BY_MEMBERS)
    .flatMap(([members, pcns]) => Array(pcns).fill(Number(members)))
    .sort((a, b) => b - a);

/** An ICB with room, the more likely the more it has. */
function placeFor(chance, places, size) {
  const roomy = [...places].filter(([, left]) => left >= size);
  let at = chance.whole(roomy.reduce((sum, [, left]) => sum + left, 0));
  return roomy.find(([, left]) => (at -= left) < 0)[0];
}

export const newPcn = (icb, subIcb) => ({
  code: '',
  icb,
  subIcb,
  openOn: '2019-10-01',
  closeOn: '',
  published: true,
  members: [],
});

export const practiceIn = (icb, subIcb, pcn) => ({
  code: '',
  icb,
  subIcb,
  pcn,
  setting: '4',
  status: 'A',
  closeOn: '',
});

function moveOver(practice, icb) {
  practice.icb = icb;
  practice.subIcb = icb.subIcbs[0];
}

/** Lists of the published sizes and exactly the published sum. */
function giveLists(chance, practices) {
  for (const practice of practices) practice.patients = Math.floor(chance.between(shape.LIST_SIZES));
  const sum = practices.reduce((total, { patients }) => total + patients, 0);
  let left = shape.PATIENTS;
  for (const practice of practices) {
    practice.patients = Math.max(1, Math.floor((practice.patients * shape.PATIENTS) / sum));
    left -= practice.patients;
  }
  for (let at = 0; left !== 0; at = (at + 1) % practices.length) {
    const step = Math.sign(left);
    if (practices[at].patients + step < 1) continue;
    practices[at].patients += step;
    left -= step;
  }
}
