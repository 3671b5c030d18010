/**
 * `npm run test:changed [-- <commit>]`: the specs that a change touches. The change is what differs from the commit,
 * without one what is not committed; where all is, the last commit.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { exitWith } from '@attest/stack/cannot-start';
import { projectFolder } from '@attest/stack/paths';
import { LOADS_SPECS } from './loads-specs.js';
import { touchedSpecs } from './touched.js';

const say = (line: string): void => console.log(line);
const run = (command: string, args: string[], env = process.env): string[] =>
  execFileSync(command, args, { cwd: projectFolder, encoding: 'utf8', maxBuffer: 2 ** 26, env })
    .split('\n')
    .filter(Boolean);

try {
  const changed = changedFiles(process.argv[2]);
  const specs = await touchedSpecs(changed, listTests([]), async (sources) =>
    listTests(['--findRelatedTests', ...sources]),
  );
  say(`${changed.length} changed files touch ${specs.length} spec files`);
  if (specs.length > 0) {
    const { testOnce } = await import('./test-once.js');
    const { failed } = await testOnce(specs.map(asPattern), say);
    process.exitCode = failed === 0 ? 0 : 1;
  }
} catch (error) {
  exitWith(error);
}

function changedFiles(since: string | undefined): string[] {
  const differing = (commit: string) => [
    ...run('git', ['diff', '--name-only', commit]),
    ...run('git', ['ls-files', '--others', '--exclude-standard']),
  ];
  if (since) return differing(since);
  const uncommitted = differing('HEAD');
  return uncommitted.length > 0 ? uncommitted : differing('HEAD~1');
}

function listTests(args: string[]): string[] {
  const jest = join(projectFolder, 'node_modules', 'jest', 'bin', 'jest.js');
  const env = { ...process.env, NODE_OPTIONS: LOADS_SPECS };
  return run(process.execPath, [jest, '--listTests', ...args], env)
    .map((path) => path.slice(projectFolder.length + 1))
    .sort();
}

function asPattern(path: string): string {
  return `/${path.replace(/[.+]/g, '\\$&')}$`;
}
