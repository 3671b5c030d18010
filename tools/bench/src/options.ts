// @ts-nocheck
import { resolve } from 'node:path';
import { CannotStart } from '@attest/stack/cannot-start';

/** In the order in which they run: the shortest first, the whole month last. */
export const BENCHMARK_NAMES = [
  'relay',
  'consumer',
  'hop',
  'intake',
  'membership-change',
  'membership-holds',
  'bulk-approval',
  'declare',
  'month',
];

const HELP = `npm run bench [-- options]

  --only <name,…>     some of: ${BENCHMARK_NAMES.join(', ')}
  --quick             small sizes and one rotation: shows that it works, measures nothing
  --rotations <n>     5 unless told
  --data <folder>     the month on the published files in this folder (or ATTEST_DATA); else on a made-up England
  --output <file>     bench-results.json unless told
  --cpu-prof <folder> leave a CPU profile of every process that is measured there (figures suffer)`;

/**
 * @typedef {object} BenchOptions
 * @property {string[]} only
 * @property {boolean} quick
 * @property {number} rotations
 * @property {string | undefined} data
 * @property {string} output
 * @property {string | undefined} cpuProf
 * @property {string} [help]
 */

/**
 * @param {string[]} words
 * @returns {BenchOptions}
 */
export function readBenchOptions(words) {
  /** @type {BenchOptions} */
  const options = {
    only: BENCHMARK_NAMES,
    quick: false,
    rotations: 0,
    data: process.env.ATTEST_DATA || undefined,
    output: 'bench-results.json',
    cpuProf: undefined,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === '--help' || word === '-h') return { ...options, help: HELP };
    if (word === '--quick') options.quick = true;
    else if (word === '--only') options.only = valueOf(words, ++at, word).split(',');
    else if (word === '--rotations') options.rotations = Number(valueOf(words, ++at, word));
    else if (word === '--data') options.data = valueOf(words, ++at, word);
    else if (word === '--output') options.output = valueOf(words, ++at, word);
    else if (word === '--cpu-prof') options.cpuProf = resolve(valueOf(words, ++at, word));
    else throw new CannotStart(`npm run bench knows no ${word}.\n\n${HELP}`);
  }
  const stranger = options.only.find((name) => !BENCHMARK_NAMES.includes(name));
  if (stranger !== undefined) throw new CannotStart(`There is no benchmark ${stranger}.\n\n${HELP}`);
  if (!Number.isSafeInteger(options.rotations) || options.rotations < 0)
    throw new CannotStart('--rotations takes a whole number.');
  options.rotations ||= options.quick ? 1 : 5;
  return options;
}

function valueOf(words, at, option) {
  const value = words[at];
  if (value === undefined || value.startsWith('--'))
    throw new CannotStart(`${option} needs a value.\n\n${HELP}`);
  return value;
}
