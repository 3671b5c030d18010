// Runs the specs with Jest: first those that run side by side, then, by themselves, those that start processes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from '@attest/stack/cannot-start';
import { projectFolder } from '@attest/stack/paths';
import { startChild } from '@attest/stack/processes';
import type { TestStack } from '@attest/stack/test-stack';
import { LOADS_SPECS } from './loads-specs.js';

const PARTS = ['together', 'alone'] as const;
type Part = (typeof PARTS)[number];

export interface SpecFile {
  /** From the project's folder. */
  readonly path: string;
  readonly seconds: number;
  /** What failed, a line each. */
  readonly failures: readonly string[];
}
export interface Outcome {
  /** Tests. */
  readonly passed: number;
  /** Tests, and files that could not be loaded. */
  readonly failed: number;
  readonly seconds: number;
  readonly files: readonly SpecFile[];
}

/** What Jest writes with `--json`, as far as it is read here. */
interface JestResult {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly JestFileResult[];
}

interface JestFileResult {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

export async function runJest({
  args,
  stack,
  scratch,
}: {
  /** What Jest takes. */
  args: string[];
  stack: TestStack;
  /** The specs' temporary folder. */
  scratch: string;
}): Promise<Outcome> {
  const started = performance.now();
  const files: SpecFile[] = [];
  let passed = 0;
  let failed = 0;
  for (const part of PARTS) {
    const result = await runPart({ part, args, stack, scratch });
    passed += result.numPassedTests;
    // A file that cannot even be loaded holds no failed test, yet nothing of it has passed.
    const failures = result.numFailedTests + result.numRuntimeErrorTestSuites;
    // Jest may fail as a whole where every test has passed.
    failed += failures === 0 && !result.success ? 1 : failures;
    files.push(...result.testResults.map(specFile));
  }
  if (files.length === 0) throw new CannotStart(`No spec's path matches ${args.join(' ')}.`);
  return { passed, failed, seconds: (performance.now() - started) / 1000, files };
}

async function runPart({
  part,
  args,
  stack,
  scratch,
}: {
  part: Part;
  args: string[];
  stack: TestStack;
  scratch: string;
}): Promise<JestResult> {
  const resultFile = join(scratch, `results-${part}.json`);
  const jest = await startChild({
    name: 'Jest',
    command: process.execPath,
    args: [
      join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...['--config', join(projectFolder, 'jest.config.mjs'), '--json', '--outputFile', resultFile],
      // A path may name specs of one part alone; without one, each part has some.
      ...(args.length > 0 ? ['--passWithNoTests'] : []),
      // A connection that a spec left open must not hold up the run; `npx jest --detectOpenHandles` names it.
      '--forceExit',
      ...args,
    ],
    cwd: projectFolder,
    env: {
      ...process.env,
      NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${LOADS_SPECS}`,
      // What specs leave behind, also when they are interrupted, goes with the run.
      TMPDIR: scratch,
      ATTEST_SPECS: part,
      ATTEST_TEST_DATABASE_URL: stack.databaseUrl,
      ATTEST_TEST_KAFKA_BROKERS: stack.brokers.join(','),
    },
  });
  const { code, signal } = await jest.exited;
  if (!existsSync(resultFile))
    throw new CannotStart(
      `Jest ended without a result (${signal ?? `code ${code}`}); what it printed above says why.`,
    );
  const result: JestResult = JSON.parse(readFileSync(resultFile, 'utf8'));
  return { ...result, success: result.success && code === 0 };
}

function specFile({ name, startTime, endTime, status, message, assertionResults }: JestFileResult): SpecFile {
  const failures = assertionResults.filter((one) => one.status === 'failed').map((one) => one.fullName);
  if (status === 'failed' && failures.length === 0) failures.push(message.trim().split('\n')[0] ?? '');
  return { path: name.slice(projectFolder.length + 1), seconds: (endTime - startTime) / 1000, failures };
}
