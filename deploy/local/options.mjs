import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CannotStart } from './cannot-start.mjs';

const HELP = `npm start [-- options]

  --data <folder>   play the month on the published files in this folder (or ATTEST_DATA);
                    without it, on a made-up England of the same shape
  --exit            stop when the month is played; fails if an invariant does not hold
  --json            print one JSON object instead of tables
  --separate        every service in a process of its own, as in a cluster
  --seed <number>   another made-up England
  --up              bring the services up without playing the month`;

/**
 * @typedef {object} Options
 * @property {string | undefined} data
 * @property {boolean} exit
 * @property {boolean} json
 * @property {boolean} separate
 * @property {boolean} up
 * @property {number} seed
 * @property {string} [help]
 */

/**
 * @param {string[]} words
 * @returns {Options}
 */
export function readOptions(words) {
  const options = {
    data: process.env.ATTEST_DATA || undefined,
    exit: false,
    json: false,
    separate: false,
    up: false,
    seed: 1,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === '--help' || word === '-h') return { ...options, help: HELP };
    if (word === '--data') options.data = valueOf(words, ++at, word);
    else if (word === '--seed') options.seed = Number(valueOf(words, ++at, word));
    else if (word === '--exit' || word === '--json' || word === '--separate' || word === '--up')
      options[word.slice(2)] = true;
    else throw new CannotStart(`npm start knows no ${word}.\n\n${HELP}`);
  }
  if (!Number.isSafeInteger(options.seed) || options.seed < 0)
    throw new CannotStart('--seed takes a whole number.');
  if (options.data) {
    options.data = resolve(options.data);
    if (!existsSync(options.data) || !statSync(options.data).isDirectory()) {
      throw new CannotStart(
        `There is no folder ${options.data}: give --data the folder of the published files, or leave it out.`,
      );
    }
  }
  return options;
}

function valueOf(words, at, option) {
  const value = words[at];
  if (value === undefined || value.startsWith('--'))
    throw new CannotStart(`${option} needs a value.\n\n${HELP}`);
  return value;
}
