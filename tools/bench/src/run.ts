// Runs the benchmarks one after the other and tells what they found.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { projectFolder } from '@attest/stack/paths';
import { stopOnSignals } from '@attest/stack/processes';
import { say } from '@attest/stack/say';
import { inFull } from './failure.js';
import { summarise, type Figure, type Summary } from './figure.js';
import type { BenchmarkName, BenchOptions } from './options.js';
import { Stand } from './stand.js';
import { table } from './table.js';

interface Benchmark {
  measure(stand: Stand): Promise<Figure[]>;
}

/** Loaded when their turn comes. */
const BENCHMARKS: Record<BenchmarkName, () => Promise<Benchmark>> = {
  relay: () => import('./relay.js'),
  consumer: () => import('./consumer.js'),
  hop: () => import('./hop.js'),
  barrier: () => import('./barrier.js'),
  intake: () => import('./intake.js'),
  'membership-change': () => import('./membership-change.js'),
  'membership-holds': () => import('./membership-holds.js'),
  'bulk-approval': () => import('./bulk-approval.js'),
  declare: () => import('./declare.js'),
  month: () => import('./month.js'),
};

interface MeasuredFigure extends Summary {
  readonly benchmark: BenchmarkName;
  readonly seconds: number;
  /** The machine's load when the benchmark began. */
  readonly load: number | undefined;
}

/** @returns exit code: 0 when everything was measured, whatever the targets say */
export async function runBenchmarks(options: BenchOptions): Promise<number> {
  const stand = new Stand(options);
  stopOnSignals(() => stand.close());
  const figures: MeasuredFigure[] = [];
  const failed: Partial<Record<BenchmarkName, string>> = {};
  const conditions = about(options);
  const started = performance.now();
  try {
    for (const name of options.only) {
      const { measure } = await BENCHMARKS[name]();
      say(`\n${name}`);
      const from = performance.now();
      const load = loadavg()[0];
      try {
        const found = (await measure(stand)).map(summarise);
        const seconds = Number(((performance.now() - from) / 1000).toFixed(1));
        figures.push(...found.map((figure) => ({ benchmark: name, seconds, load, ...figure })));
        for (const line of table(found)) say(`  ${line}`);
      } catch (error) {
        // The others are still worth knowing.
        failed[name] = inFull(error);
        say(`  failed: ${failed[name]}`);
      }
      await stand.tidy();
    }
  } finally {
    await stand.close();
  }
  const seconds = Number(((performance.now() - started) / 1000).toFixed(1));
  const results = { ...conditions, figures, failed, seconds };
  const output = resolve(options.output);
  writeFileSync(output, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`\n${table(figures).join('\n')}`);
  if (options.quick) console.log('\n--quick: the sizes are too small for these figures to mean anything.');
  console.log(`\nWritten to ${output}`);
  return Object.keys(failed).length === 0 ? 0 : 1;
}

/** When, of what and on what machine was measured. */
function about({ quick, rotations, data }: BenchOptions) {
  const [cpu] = cpus();
  return {
    measuredAt: new Date().toISOString(),
    commit: commit(),
    quick,
    rotations,
    data: data ? 'published' : 'made up',
    machine: {
      cpu: cpu?.model,
      cores: cpus().length,
      memoryMb: Math.floor(totalmem() / 1_048_576),
      system: `${process.platform} ${release()}`,
      node: process.versions.node,
    },
  };
}

function commit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectFolder, stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}
