// npm run bench: measures the product beside its peers on this machine, prints a table, writes bench-results.json.
// Plain Node with no dependencies until it has installed them.
import { readBenchOptions } from './bench/options.mjs';
import { exitWith } from './cannot-start.mjs';
import { installAndBuild } from './install.mjs';
import { say } from './say.mjs';

try {
  const options = readBenchOptions(process.argv.slice(2));
  if (options.help) {
    console.log(options.help);
    process.exit(0);
  }
  await installAndBuild(say);
  const { runBenchmarks } = await import('./bench/run.mjs');
  process.exit(await runBenchmarks(options));
} catch (error) {
  exitWith(error);
}
