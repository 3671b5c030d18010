import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FigureWorker, type MadeFigure } from '../application/figure-worker.js';
import type { Facts } from '../domain/facts.js';
import type { Identity, KnownService } from '../domain/service.js';
import type { Slice } from './figure-thread.js';
import { packFacts } from './packed-facts.js';
import { SlicedFigureWorker } from './sliced-figure-worker.js';

const SLICE = 500;
/**
 * Values in a period from which a thread pays: 6,139 figures of three indicators take 0.2 s, which slices hide; of 76
 * indicators 4 s. A thread takes 0.1 s to start.
 */
const PAYS_FROM_VALUES = 100_000;

/** In a thread of its own where the period is large, else in slices of this one. */
export class ThreadedFigureWorker extends FigureWorker {
  private readonly inSlices = new SlicedFigureWorker();
  /** Sources that run uncompiled, as under the test runner, have no thread to start. */
  private readonly compiled: boolean;

  constructor(
    private readonly entry: URL = new URL('./figure-thread.js', import.meta.url),
    private readonly paysFrom: number = PAYS_FROM_VALUES,
  ) {
    super();
    this.compiled = existsSync(fileURLToPath(entry));
  }

  async make(
    service: KnownService,
    identities: readonly Identity[],
    facts: readonly Facts[],
    known: readonly (string | null)[],
  ): Promise<readonly MadeFigure[]> {
    const values = identities.length * service.rulePack.fields.length;
    if (!this.compiled || values < this.paysFrom)
      return this.inSlices.make(service, identities, facts, known);
    const thread = new Worker(this.entry, { workerData: service });
    try {
      const made: MadeFigure[] = [];
      for (let from = 0; from < identities.length; from += SLICE) {
        const to = from + SLICE;
        const packed = packFacts(facts.slice(from, to));
        const slice: Slice = {
          identities: identities.slice(from, to),
          facts: packed,
          known: known.slice(from, to),
          firstPlace: from,
        };
        const answer = answerOf(thread);
        thread.postMessage(slice, [packed.values.buffer]);
        made.push(...(await answer));
      }
      return made;
    } finally {
      await thread.terminate();
    }
  }
}

function answerOf(thread: Worker): Promise<MadeFigure[]> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      thread.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const onMessage = (made: MadeFigure[]): void => settle(() => resolve(made));
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (): void => settle(() => reject(new Error('the figure thread ended before its answer')));
    thread.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
