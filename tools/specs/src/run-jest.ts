// Runs the specs with Jest: first those that run side by side, then, by themselves, those that start processes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from '@attest/stack/cannot-start';
import { projectFolder } from '@attest/stack/paths';
import { startChild } from '@attest/stack/processes';
import type { TestStack } from '@attest/stack/test-stack';
import { LOADS_SPECS } from './loads-specs.js';
import { outcomeOf, type JestResult, type Outcome } from './outcome.js';

const PARTS = ['together', 'alone'] as const;
type Part = (typeof PARTS)[number];

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
  const parts: JestResult[] = [];
  for (const part of PARTS) parts.push(await runPart({ part, args, stack, scratch }));
  return outcomeOf(parts, args, (performance.now() - started) / 1000);
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
      // A path may name specs of one part alone; without one, each part has some. That something is run: `outcomeOf`.
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
