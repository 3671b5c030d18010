/**
 * `npm test [-- <what Jest takes>]`: starts PostgreSQL and Kafka, runs the specs,
 * stops everything. `--keep` only starts the two and leaves them for later runs, `--stop-kept` ends them.
 */
import { exitWith } from '@attest/stack/cannot-start';
import { keepTestStack, stopKeptTestStack } from '@attest/stack/test-stack';

const say = (line: string): void => console.log(line);
const args = process.argv.slice(2);

try {
  if (args.includes('--stop-kept')) {
    say(
      (await stopKeptTestStack()) ? 'The kept test stack is stopped and removed.' : 'No test stack was kept.',
    );
  } else if (args.includes('--keep')) {
    const { brokers, databaseUrl } = await keepTestStack(say);
    say(`Kept: PostgreSQL on ${new URL(databaseUrl).host}, Kafka on ${brokers.join(', ')}.`);
    say('`npx jest <path>` and `npm test` use it until `npm test -- --stop-kept`.');
    process.exit(0);
  } else {
    const { testOnce } = await import('./test-once.js');
    const { failed } = await testOnce(args, say);
    process.exitCode = failed === 0 ? 0 : 1;
  }
} catch (error) {
  exitWith(error);
}
