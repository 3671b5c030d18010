import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

/** Jest on the two files of `late`, in one process. */
function jestOnLate(): Promise<{ numFailedTests: number; numPassedTests: number }> {
  const jest = join('node_modules', 'jest', 'bin', 'jest.js');
  const args = ['--runInBand', '--json', '--testRegex', 'test/house/late/.*\\.late\\.ts$'];
  return new Promise((done, fail) =>
    execFile(process.execPath, [jest, ...args], (_error, output, errors) => {
      try {
        done(JSON.parse(output));
      } catch {
        fail(new Error(errors));
      }
    }),
  );
}

it('what a spec leaves to fail by itself is its failure, also when it is not the first of its process', async () => {
  expect(await jestOnLate()).toMatchObject({ numFailedTests: 2, numPassedTests: 0 });
});
