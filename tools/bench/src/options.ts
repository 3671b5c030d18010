import { resolve } from 'node:path';
import { CannotStart } from '@attest/stack/cannot-start';

/** In the order in which they run: the shortest first, the whole month last. */
export const BENCHMARK_NAMES = [
  'relay',
  'consumer',
  'hop',
  'barrier',
  'intake',
  'membership-change',
  'membership-holds',
  'bulk-approval',
  'declare',
  'month',
] as const;

export type BenchmarkName = (typeof BENCHMARK_NAMES)[number];

const HELP = `npm run bench [-- options]

  --only <name,…>     some of: ${BENCHMARK_NAMES.join(', ')}
  --quick             small sizes and one rotation: shows that it works, measures nothing
  --rotations <n>     5 unless told
  --data <folder>     the month on the published files in this folder (or ATTEST_DATA); else on a made-up England
  --output <file>     bench-results.json unless told
  --cpu-prof <folder> leave a CPU profile of every process that is measured there (figures suffer)`;

export interface BenchOptions {
  readonly only: readonly BenchmarkName[];
  readonly quick: boolean;
  readonly rotations: number;
  /** The folder of the published files. */
  readonly data: string | undefined;
  readonly output: string;
  /** The folder for CPU profiles. */
  readonly cpuProf: string | undefined;
  /** What to print instead of measuring. */
  readonly help?: string;
}

export function readBenchOptions(words: readonly string[]): BenchOptions {
  let only: readonly string[] = BENCHMARK_NAMES;
  const options = {
    quick: false,
    rotations: 0,
    data: process.env.ATTEST_DATA || undefined,
    output: 'bench-results.json',
    cpuProf: undefined as string | undefined,
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === '--help' || word === '-h') return { ...options, only: [], help: HELP };
    if (word === '--quick') options.quick = true;
    else if (word === '--only') only = valueOf(words, ++at, word).split(',');
    else if (word === '--rotations') options.rotations = Number(valueOf(words, ++at, word));
    else if (word === '--data') options.data = valueOf(words, ++at, word);
    else if (word === '--output') options.output = valueOf(words, ++at, word);
    else if (word === '--cpu-prof') options.cpuProf = resolve(valueOf(words, ++at, word));
    else throw new CannotStart(`npm run bench knows no ${word}.\n\n${HELP}`);
  }
  const known = only.map((name) => {
    const found = BENCHMARK_NAMES.find((one) => one === name);
    if (!found) throw new CannotStart(`There is no benchmark ${name}.\n\n${HELP}`);
    return found;
  });
  if (!Number.isSafeInteger(options.rotations) || options.rotations < 0)
    throw new CannotStart('--rotations takes a whole number.');
  return { ...options, only: known, rotations: options.rotations || (options.quick ? 1 : 5) };
}

function valueOf(words: readonly string[], at: number, option: string): string {
  const value = words[at];
  if (value === undefined || value.startsWith('--'))
    throw new CannotStart(`${option} needs a value.\n\n${HELP}`);
  return value;
}
