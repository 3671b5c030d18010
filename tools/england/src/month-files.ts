// The month's files, made once and kept: from the published folder, from a made-up England or one region of it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { CannotStart } from '@attest/stack/cannot-start';
import { cacheFolder, openFolder } from '@attest/stack/paths';
import type { Manifest } from './manifest.js';
import type { MonthTask } from './month-worker.js';
import { NATIONAL } from './people.js';
import { PUBLISHED_FILES } from './published-files.js';

/** Which England a month is played on: the published one in a folder, or a made-up one. */
export type ChosenEngland = PublishedEngland | MadeUpEngland;
export interface PublishedEngland {
  readonly data: string;
  readonly seed?: undefined;
  readonly region?: undefined;
}
export interface MadeUpEngland {
  readonly data?: undefined;
  readonly seed: number;
  readonly region: boolean;
}

export interface Month {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly people: MonthPeople;
}
/** The ids of those who have national roles; all people are in the file. */
export type MonthPeople = typeof NATIONAL & { readonly file: string };

interface MonthOptions {
  readonly england: ChosenEngland;
  readonly stateDir: string;
  readonly say: (line: string) => void;
}

export async function monthFiles({ england, stateDir, say }: MonthOptions): Promise<Month> {
  const source = england.data ?? (await madeUpFolder(england, say));
  requirePublishedFiles(source);
  const folder = join(stateDir, 'month', markOf(source));
  if (!existsSync(join(folder, 'manifest.json'))) {
    say('Preparing the files of the month');
    openFolder(stateDir);
    openFolder(join(stateDir, 'month'));
    await inWorker({ prepare: { source, folder } });
  }
  return readMonth(folder);
}

/** The files of a month that was prepared before. */
export function readMonth(folder: string): Month {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const people = manifest.organisationFiles.find((file) => file.layout === 'people');
  if (!people) throw new Error(`The manifest of ${folder} names no file of people.`);
  return { folder, manifest, people: { file: people.path, ...NATIONAL } };
}

export function requirePublishedFiles(folder: string): void {
  for (const name of Object.values(PUBLISHED_FILES)) {
    if (!existsSync(join(folder, name)))
      throw new CannotStart(
        `${folder} lacks ${name}: give --data a folder in the published layouts (tools/england/README.md).`,
      );
  }
}

/** Size and time of every file of a folder in the published layouts: what tells whether it is still the same. */
export function filesMark(folder: string): string {
  const hash = createHash('sha256').update(folder);
  for (const name of Object.values(PUBLISHED_FILES)) {
    const { size, mtimeMs } = statSync(join(folder, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}

async function madeUpFolder({ seed, region }: MadeUpEngland, say: MonthOptions['say']): Promise<string> {
  const folder = join(cacheFolder(), `${region ? 'region' : 'england'}-${sourceMark()}-${seed}`);
  if (existsSync(folder)) return folder;
  say(region ? 'Making up a region' : 'Making up an England');
  const unfinished = `${folder}.${process.pid}`;
  openFolder(cacheFolder());
  rmSync(unfinished, { recursive: true, force: true });
  await inWorker({ makeUp: { folder: unfinished, seed, region } });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another start was faster with the same one.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** In a thread of its own: the servers that start meanwhile are waited for in this one, which also keeps its memory. */
function inWorker(task: MonthTask): Promise<void> {
  return new Promise((done, fail) => {
    const worker = new Worker(new URL('./month-worker.js', import.meta.url), { workerData: task });
    worker.once('error', fail);
    worker.once('exit', (code) =>
      code === 0 ? done() : fail(new Error(`The files of the month could not be made: code ${code}.`)),
    );
  });
}

/** Changes with the code that makes the files, so that an old cache is never taken for a new one. */
function sourceMark(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const hash = createHash('sha256');
  const modules = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  for (const name of modules.sort()) hash.update(readFileSync(join(here, name)));
  return hash.digest('hex').slice(0, 12);
}

const markOf = (source: string): string => `${sourceMark()}-${filesMark(source)}`;
