import { Injectable } from '@nestjs/common';
import type { DeclarationState } from '@attest/contracts';
import { newestOfEach, type Tx } from '@attest/persistence';
import { stageOf, tierOf } from '../domain/task.js';
import { TaskProjection, type LostSignature, type SignatureAnswer } from './projection.ports.js';

export interface DeclarationNews {
  readonly state: DeclarationState;
  readonly at: string;
}

/** Keeps the newest state of each declaration as an approval task, and hands signatures their answers. */
@Injectable()
export class RecordDeclarations {
  constructor(private readonly projection: TaskProjection) {}

  async run(
    tx: Tx,
    news: readonly DeclarationNews[],
    answers: readonly SignatureAnswer[],
    lost: readonly LostSignature[] = [],
  ): Promise<void> {
    const newest = newestOfEach(
      news,
      ({ state }) => state.declarationId,
      ({ state }) => state.revision,
    );
    const tasks = newest.map(({ state, at }) => ({
      state,
      stage: stageOf(state.status),
      tier: tierOf(state),
      since: at,
    }));
    if (tasks.length > 0) await this.projection.upsert(tx, tasks);
    if (answers.length > 0) await this.projection.answer(tx, answers);
    if (lost.length > 0) await this.projection.endLost(tx, lost);
  }
}
