/**
 * `npm test [-- <what Jest takes>]`: installs and compiles what is needed, starts PostgreSQL and Kafka, runs the specs,
 * stops everything. `--keep` only starts the two and leaves them for later runs, `--stop-kept` ends them.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart, exitWith } from './cannot-start.mjs';
import { installAndBuild } from './install.mjs';
import { projectFolder, temporaryFolder } from './paths.mjs';
import { runningChildren, startChild, stopOnSignals } from './processes.mjs';
import { keepTestStack, keptTestStack, startTestStack, stopKeptTestStack } from './test-stack.mjs';

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
    process.exitCode = await test();
  }
} catch (error) {
  exitWith(error);
}

/** @returns {Promise<number>} Jest's exit code */
async function test() {
  await installAndBuild(say);
  const kept = keptTestStack();
  const stack = kept ? { ...kept, stop: async () => undefined } : await startTestStack(say);
  const scratch = temporaryFolder();
  const stop = async () => {
    await Promise.all(
      runningChildren()
        .filter((child) => child.name === 'Jest')
        .map((child) => child.stop()),
    );
    await stack.stop();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  };
  stopOnSignals(stop);
  try {
    return await runJest(stack, scratch);
  } finally {
    await stop();
  }
}

/**
 * @param {import('./test-stack.mjs').TestStack} stack
 * @param {string} scratch
 */
async function runJest({ databaseUrl, brokers }, scratch) {
  const resultFile = join(scratch, 'results.json');
  const jest = await startChild({
    name: 'Jest',
    command: process.execPath,
    args: [
      join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...['--config', join(projectFolder, 'jest.config.mjs'), '--json', '--outputFile', resultFile],
      // A connection that a spec left open must not hold up the run; `npx jest --detectOpenHandles` names it.
      '--forceExit',
      ...args,
    ],
    cwd: projectFolder,
    env: {
      ...process.env,
      // Jest runs ES modules only behind this flag.
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`,
      // What specs leave behind, also when they are interrupted, goes with the run.
      TMPDIR: scratch,
      ATTEST_TEST_DATABASE_URL: databaseUrl,
      ATTEST_TEST_KAFKA_BROKERS: brokers.join(','),
    },
  });
  const { code } = await jest.exited;
  if (!existsSync(resultFile))
    throw new CannotStart('Jest ended without a result; what it printed above says why.');
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  // A file that cannot even be loaded holds no failed test, yet nothing of it has passed.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  console.log(`${result.numPassedTests} passed, ${failed} failed`);
  return code ?? 1;
}
