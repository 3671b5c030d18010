/**
 * `npm test [-- <what Jest takes>]`: installs and compiles what is needed, starts PostgreSQL and Kafka, runs the specs,
 * stops everything. `--keep` only starts the two and leaves them for later runs, `--stop-kept` ends them.
 */
import { exitWith } from './cannot-start.mjs';
import { installAndBuild } from './install.mjs';
import { keepTestStack, stopKeptTestStack } from './test-stack.mjs';

const say = (/** @type {string} */ line) => console.log(line);
const args = process.argv.slice(2);

try {
  if (args.includes('--stop-kept')) {
    say(
      (await stopKeptTestStack()) ? 'The kept test stack is stopped and removed.' : 'No test stack was kept.',
    );
  } else if (args.includes('--keep')) {
    const { brokers, databaseUrl } = await keepTestStack(say);
    say(`Kept: PostgreSQL on ${new URL(databaseUrl).host}, Kafka on ${brokers.join(', ')}.`);
    say('`npx jest <path>` and `npm test` use it until `node deploy/local/test.mjs --stop-kept`.');
    process.exit(0);
  } else {
    await installAndBuild(say);
    const { testOnce } = await import('../../tools/specs/test-once.mjs');
    const { failed } = await testOnce(args, say);
    process.exitCode = failed === 0 ? 0 : 1;
  }
} catch (error) {
  exitWith(error);
}
