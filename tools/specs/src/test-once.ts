// One run of the specs on a PostgreSQL and a Kafka of its own, or on those that were kept.
import { rmSync } from 'node:fs';
import { temporaryFolder } from '@attest/stack/paths';
import { runningChildren, stopOnSignals } from '@attest/stack/processes';
import { keptTestStack, startTestStack } from '@attest/stack/test-stack';
import { ALL_SPECS } from './all-specs.js';
import type { Outcome } from './outcome.js';
import { refuseUnmatched } from './refuse-unmatched.js';
import { linesOf } from './report.js';
import { runJest } from './run-jest.js';

let stopNow: (() => Promise<void>) | undefined;

/** `args` are what Jest takes. */
export async function testOnce(args: string[], say: (line: string) => void): Promise<Outcome> {
  refuseUnmatched(args, ALL_SPECS);
  const kept = keptTestStack();
  const stack = kept ? { ...kept, stop: async () => undefined } : await startTestStack(say);
  const scratch = temporaryFolder();
  const stop = async () => {
    const jest = runningChildren().filter((child) => child.name === 'Jest');
    await Promise.all(jest.map((child) => child.stop()));
    await stack.stop();
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  };
  if (!stopNow) stopOnSignals(async () => stopNow?.());
  stopNow = stop;
  try {
    const outcome = await runJest({ args, stack, scratch });
    for (const line of linesOf(outcome)) say(line);
    return outcome;
  } finally {
    await stop();
  }
}
