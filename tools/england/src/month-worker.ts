// The thread in which an England is made up, or a month's files are prepared.
import { workerData } from 'node:worker_threads';
import { generateEngland } from './generate.js';
import { prepareMonth } from './prepare.js';

export interface MonthTask {
  readonly makeUp?: { readonly folder: string; readonly seed: number; readonly region: boolean };
  readonly prepare?: { readonly source: string; readonly folder: string };
}

const { makeUp, prepare }: MonthTask = workerData;
if (makeUp) generateEngland(makeUp.folder, makeUp);
if (prepare) prepareMonth(prepare.source, prepare.folder);
