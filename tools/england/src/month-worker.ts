// @ts-nocheck
// The thread in which an England is made up, or a month's files are prepared.
import { workerData } from 'node:worker_threads';
import { generateEngland } from './generate.js';
import { prepareMonth } from './prepare.js';

const { makeUp, prepare } = workerData;
if (makeUp) generateEngland(makeUp.folder, makeUp);
if (prepare) prepareMonth(prepare.source, prepare.folder);
