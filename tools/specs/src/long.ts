// @ts-nocheck
// What is too long for `npm test` in its full size, and what it proves something of.

/**
 * @typedef {object} LongRun
 * @property {string} name
 * @property {string} what
 * @property {string} spec part of its path
 * @property {string} size the variable that says how much is drawn; its first word with _SEED repeats a draw
 * @property {number} full
 * @property {string[]} covers a record is older than these when a commit after it touches them
 */

/** @type {LongRun[]} */
export const LONG_RUNS = [
  {
    name: 'model',
    what: 'Sequences of steps on the reference model of a declaration',
    spec: 'services/declaration-workflow/test/model',
    size: 'MODEL_SEQUENCES',
    full: 20_000,
    covers: [
      'services/declaration-workflow',
      'libs/contracts/src',
      'libs/messaging/src',
      'libs/persistence/src',
    ],
  },
  {
    name: 'races',
    what: 'Rounds of a membership change, a bulk and a release run that race',
    spec: 'test/checkpoint/races',
    size: 'RACE_ROUNDS',
    full: 200,
    covers: ['services', 'libs', 'tools/stack/src', 'test/checkpoint'],
  },
  {
    name: 'kills',
    what: 'kill -9 of services at random moments of a month',
    spec: 'test/checkpoint/checkpoint',
    size: 'CHECKPOINT_KILLS',
    full: 200,
    covers: ['services', 'libs', 'tools/stack/src', 'test/checkpoint'],
  },
  {
    name: 'payment-kills',
    what: 'kill -9 of payment-export at random moments of a release run',
    spec: 'services/payment-export/test/killed',
    size: 'PAYMENT_KILLS',
    full: 30,
    covers: ['services/payment-export', 'libs'],
  },
];

/** @param {string} size such as RACE_ROUNDS */
export const seedOf = (size) => `${size.split('_')[0]}_SEED`;

export const newSeed = () => Math.floor(Math.random() * 2 ** 31);
