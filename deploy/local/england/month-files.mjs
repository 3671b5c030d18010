// The month's files, made once and kept: from the published folder, or from a made-up England.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotStart } from '../cannot-start.mjs';
import { cacheFolder, openFolder } from '../paths.mjs';
import { generateEngland } from './generate.mjs';
import * as people from './people.mjs';
import { prepareMonth } from './prepare.mjs';
import { PUBLISHED_FILES } from './published-files.mjs';

/**
 * @param {{ data: string | undefined, seed: number, stateDir: string, say: (line: string) => void }} options
 */
export async function monthFiles({ data, seed, stateDir, say }) {
  const source = data ?? madeUpEngland(seed, say);
  for (const name of Object.values(PUBLISHED_FILES)) {
    if (!existsSync(join(source, name)))
      throw new CannotStart(
        `${source} lacks ${name}: give --data a folder in the published layouts (deploy/local/england/README.md).`,
      );
  }
  const folder = join(stateDir, 'month', markOf(source));
  if (!existsSync(join(folder, 'manifest.json'))) {
    say('Preparing the files of the month');
    openFolder(stateDir);
    openFolder(join(stateDir, 'month'));
    prepareMonth(source, folder);
  }
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  return {
    manifest,
    people: {
      file: manifest.organisationFiles.find((file) => file.layout === 'people').path,
      ...people.NATIONAL,
    },
  };
}

function madeUpEngland(seed, say) {
  const folder = join(cacheFolder(), `england-${sourceMark()}-${seed}`);
  if (existsSync(folder)) return folder;
  say('Making up an England');
  const unfinished = `${folder}.${process.pid}`;
  openFolder(cacheFolder());
  rmSync(unfinished, { recursive: true, force: true });
  generateEngland(unfinished, { seed });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another start was faster with the same one.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Changes with the code that makes the files, so that an old cache is never taken for a new one. */
function sourceMark() {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const hash = createHash('sha256');
  const modules = readdirSync(here, { recursive: true }).filter((file) => file.endsWith('.mjs'));
  for (const name of modules.sort()) hash.update(readFileSync(join(here, name)));
  return hash.digest('hex').slice(0, 12);
}

function markOf(source) {
  const hash = createHash('sha256').update(source).update(sourceMark());
  for (const name of Object.values(PUBLISHED_FILES)) {
    const { size, mtimeMs } = statSync(join(source, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}
