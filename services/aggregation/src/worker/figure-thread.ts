import { parentPort, workerData } from 'node:worker_threads';
import type { Identity, KnownService } from '../domain/service.js';
import { makeFigures } from './make-figures.js';
import { unpackFacts, type PackedFacts } from './packed-facts.js';

/** What the thread is asked: one slice of a period. */
export interface Slice {
  readonly identities: readonly Identity[];
  readonly facts: PackedFacts;
  readonly known: readonly (string | null)[];
  readonly firstPlace: number;
}

const service = workerData as KnownService;

parentPort?.on('message', (slice: Slice) => {
  parentPort!.postMessage(
    makeFigures(service, slice.identities, unpackFacts(slice.facts), slice.known, slice.firstPlace),
  );
});
