// npm run bench: measures the product beside its peers on this machine, prints a table, writes bench-results.json.
import { readBenchOptions } from './options.js';
import { exitWith } from '@attest/stack/cannot-start';

try {
  const options = readBenchOptions(process.argv.slice(2));
  if (options.help) {
    console.log(options.help);
    process.exit(0);
  }
  const { runBenchmarks } = await import('./run.js');
  process.exit(await runBenchmarks(options));
} catch (error) {
  exitWith(error);
}
