/**
 * `npm run test:repeat -- N`: the whole suite N times on this commit, each with other seeds and with a busy process
 * beside it, so that what passes by luck shows. Runs that docs/records.md already has of this commit count: what was
 * interrupted goes on.
 */
import { CannotStart, exitWith } from '@attest/stack/cannot-start';
import { startChild } from '@attest/stack/processes';
import { LONG_RUNS, newSeed, seedOf } from './long.js';
import { changeRecords, committed, readRecords, rowsOf, withRow } from './records.js';
import type { Outcome } from './outcome.js';
import { testOnce } from './test-once.js';

const say = (line: string): void => console.log(line);
const SECTION = 'The whole suite beside a busy process';

try {
  const wanted = Number(process.argv[2] ?? 5);
  if (!Number.isSafeInteger(wanted) || wanted < 1)
    throw new CannotStart(
      'Say how many runs of this commit there shall be, such as `npm run test:repeat -- 5`.',
    );
  const commit = committed();
  const ofThisCommit = () => rowsOf(readRecords(), SECTION).filter((cells) => cells[0] === commit);
  for (let run = ofThisCommit().length + 1; run <= wanted; run++) {
    const seed = String(newSeed());
    for (const { size } of LONG_RUNS) process.env[seedOf(size)] = seed;
    say(`Run ${run} of ${wanted} on ${commit}, every seed ${seed}`);
    const busy = await startChild({
      name: 'a busy process',
      command: process.execPath,
      args: ['-e', 'for (;;);'],
    });
    const { passed, failed, seconds, files } = await testOnce([], say)
      .catch(diedItself)
      .finally(() => busy.kill());
    const failures = files.flatMap(({ path, failures: of }) => of.map((one) => `${path}: ${one}`));
    const today = new Date().toISOString().slice(0, 10);
    const row = [
      commit,
      seed,
      today,
      `${passed}`,
      `${failed}`,
      `${Math.round(seconds)}`,
      failures.join('; '),
    ];
    await changeRecords((text) => withRow(text, SECTION, row, 2));
  }
  const rows = ofThisCommit();
  const sum = (cell: number) => rows.reduce((total, cells) => total + Number(cells[cell]), 0);
  say(`${rows.length} runs on ${commit}: ${sum(3)} passed, ${sum(4)} failed`);
  process.exitCode = sum(4) === 0 ? 0 : 1;
} catch (error) {
  exitWith(error);
}

/** A run that ended without a result has failed like any other, and is written down. */
function diedItself(error: Error): Outcome {
  say(error.message);
  return {
    passed: 0,
    failed: 1,
    seconds: 0,
    files: [{ path: 'the run', seconds: 0, failures: [error.message], skipped: [] }],
  };
}
