// Regions, boards, networks and practices. Real codes never begin with X: these cannot be mistaken for them.
import { daysAfter } from './random.mjs';

const REGIONS = 7;
const BOARDS = 36;
const PCNS = 1_366;
const CLOSED_PCNS = 81;
/** In the register of July 2026. */
const OPEN_PRACTICES = 6_139;
const CLOSED_PRACTICES = 2_515;
/** Prescribers that are no practices: hospitals, pharmacies, hospices. The importer must pass them over. */
const OTHERS = 7_880;
const PATIENTS = 63_436_508;

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const number = (n, width) => String(n).padStart(width, '0');

export function madeUpPractices(random) {
  const regions = Array.from({ length: REGIONS }, (_, n) => ({
    code: `XY${n + 1}`,
    name: `Made-up Region ${n + 1}`,
  }));
  const icbs = Array.from({ length: BOARDS }, (_, n) => ({
    code: `XQ${LETTERS[n]}`,
    name: `Made-up Integrated Care Board ${n + 1}`,
    region: regions[n % REGIONS],
    subIcbs: [1, 2, 3].map((part) => `${LETTERS[n]}X${part}`),
  }));
  const pcns = Array.from({ length: PCNS }, (_, n) => {
    const icb = icbs[n % BOARDS];
    return {
      code: `XU${number(n + 1, 4)}`,
      name: `MADE-UP PCN ${number(n + 1, 4)}`,
      icb,
      subIcb: random.pick(icb.subIcbs),
      closedOn: '',
      members: [],
    };
  });
  for (let n = 0; n < CLOSED_PCNS; n++)
    pcns[PCNS - 1 - n].closedOn = daysAfter('2022-03-31', random.int(0, 900));

  const practices = [];
  const add = (setting, closedOn) => {
    const n = practices.length + 1;
    const icb = random.pick(icbs);
    practices.push({
      code: `X${number(n, 5)}`,
      name: setting === 4 ? `MADE-UP SURGERY ${number(n, 5)}` : `MADE-UP PRESCRIBER ${number(n, 5)}`,
      icb,
      subIcb: random.pick(icb.subIcbs),
      openOn: daysAfter('1974-04-01', random.int(0, 13_000)),
      closedOn,
      setting,
      patients: 0,
    });
  };
  for (let n = 0; n < OPEN_PRACTICES; n++) add(4, '');
  // Most closings fall on the last day of a month, as achievement dates do.
  for (let n = 0; n < CLOSED_PRACTICES; n++)
    add(4, daysAfter(`${2013 + random.int(0, 11)}-${number(random.int(1, 12), 2)}-01`, -1));
  for (let n = 0; n < OTHERS; n++) add(random.pick([0, 2, 8, 9, 10, 25]), '');
  listSizes(random, practices.slice(0, OPEN_PRACTICES));
  return {
    regions,
    icbs,
    pcns,
    practices,
    open: practices.slice(0, OPEN_PRACTICES),
    closed: practices.slice(OPEN_PRACTICES, OPEN_PRACTICES + CLOSED_PRACTICES),
  };
}

/** About log-normal, and together exactly as many as the real country has. */
function listSizes(random, practices) {
  const weights = practices.map(() => Math.exp(random.normal(9.05, 0.55)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let left = PATIENTS;
  practices.forEach((practice, at) => {
    practice.patients = Math.max(800, Math.floor((weights[at] / total) * PATIENTS));
    left -= practice.patients;
  });
  // The last few patients go to the largest practices, one each in turn.
  const largest = [...practices].sort((a, b) => b.patients - a.patients);
  const step = Math.sign(left);
  for (let at = 0; left !== 0; at = (at + 1) % largest.length, left -= step) largest[at].patients += step;
}
