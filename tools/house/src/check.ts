/**
 * `npm run house`: which way imports point, what stands twice, what nobody uses. Prints what is wrong in words and ends
 * with 1 when anything is. One part alone: `npm run house -- imports`, `repetition` or `unused`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { duplicatesIn, unusedIn, violationsIn } from './words.js';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const HOUSE = join(PROJECT, 'tools', 'house');
/** A report of the whole house; Node's own limit is 1 MB. */
const MOST_OUTPUT = 256 * 1024 * 1024;

const PARTS: Readonly<Record<string, { readonly asks: string; readonly faults: () => string[] }>> = {
  imports: {
    asks: 'which way imports point',
    faults: () =>
      violationsIn(
        toolSays('depcruise', [
          ...['--config', join(HOUSE, 'imports.config.cjs'), '--output-type', 'json'],
          ...['libs', 'services', 'test', 'tools'],
        ]),
      ),
  },
  repetition: {
    asks: 'what stands twice',
    faults: () => {
      const folder = mkdtempSync(join(tmpdir(), 'attest-house-'));
      try {
        const config = join(HOUSE, 'repetition.json');
        toolSays('jscpd', ['--config', config, '--reporters', 'json', '--output', folder, '--silent']);
        return duplicatesIn(readFileSync(join(folder, 'jscpd-report.json'), 'utf8'), (name) =>
          relative(PROJECT, name),
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  unused: {
    asks: 'what nobody uses',
    faults: () =>
      unusedIn(
        toolSays('knip', [
          ...['--config', join(HOUSE, 'knip.json'), '--reporter', 'json'],
          ...['--no-progress', '--no-exit-code', '--no-config-hints'],
        ]),
      ),
  },
};

/** What a tool of node_modules prints. It ends with an error when it finds something; one that says nothing broke. */
function toolSays(tool: string, args: readonly string[]): string {
  const { stdout, stderr, error, status } = spawnSync(join(PROJECT, 'node_modules', '.bin', tool), args, {
    cwd: PROJECT,
    encoding: 'utf8',
    maxBuffer: MOST_OUTPUT,
  });
  if (error) throw error;
  if (status !== 0 && stdout.trim() === '') throw new Error(`${tool} broke off: ${stderr.trim()}`);
  return stdout;
}

const asked = process.argv.slice(2);
const strange = asked.find((name) => !(name in PARTS));
if (strange !== undefined)
  throw new Error(`There is no part ${strange}: take ${Object.keys(PARTS).join(', ')}.`);

let wrong = 0;
for (const [name, { asks, faults }] of Object.entries(PARTS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const found = faults();
  wrong += found.length;
  console.log(`${asks}: ${found.length === 0 ? 'nothing is wrong' : `${found.length} to put right`}`);
  for (const fault of found) console.log(`  ${fault}`);
}
process.exitCode = wrong === 0 ? 0 : 1;
