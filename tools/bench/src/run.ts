// @ts-nocheck
// Runs the benchmarks one after the other and tells what they found.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { projectFolder } from '@attest/stack/paths';
import { stopOnSignals } from '@attest/stack/processes';
import { say } from '@attest/stack/say';
import { summarise } from './figure.js';
import { Stand } from './stand.js';
import { table } from './table.js';

/**
 * @param {import('./options.js').BenchOptions} options
 * @returns {Promise<number>} exit code: 0 when everything was measured, whatever the targets say
 */
export async function runBenchmarks(options) {
  const stand = new Stand(options);
  stopOnSignals(() => stand.close());
  const results = { ...about(options), figures: [], failed: {} };
  const started = performance.now();
  try {
    for (const name of options.only) {
      const { measure } = await import(`./${name}.js`);
      say(`\n${name}`);
      const from = performance.now();
      const load = loadavg()[0];
      try {
        const figures = (await measure(stand)).map(summarise);
        const seconds = Number(((performance.now() - from) / 1000).toFixed(1));
        results.figures.push(...figures.map((figure) => ({ benchmark: name, seconds, load, ...figure })));
        for (const line of table(figures)) say(`  ${line}`);
      } catch (error) {
        // The others are still worth knowing.
        results.failed[name] = String(error?.stack ?? error);
        say(`  failed: ${results.failed[name]}`);
      }
      await stand.tidy();
    }
  } finally {
    await stand.close();
  }
  results.seconds = Number(((performance.now() - started) / 1000).toFixed(1));
  const output = resolve(options.output);
  writeFileSync(output, `${JSON.stringify(results, undefined, 2)}\n`);
  console.log(`\n${table(results.figures).join('\n')}`);
  if (options.quick) console.log('\n--quick: the sizes are too small for these figures to mean anything.');
  console.log(`\nWritten to ${output}`);
  return Object.keys(results.failed).length === 0 ? 0 : 1;
}

function about({ quick, rotations, data }) {
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

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectFolder, stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}
