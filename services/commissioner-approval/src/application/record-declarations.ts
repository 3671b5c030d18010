import { Injectable } from '@nestjs/common';
import type { DeclarationState } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { stageOf, tierOf } from '../domain/task.js';
import { TaskProjection, type SignatureAnswer, type TaskState } from './projection.ports.js';

export interface DeclarationNews {
  readonly state: DeclarationState;
  readonly at: string;
}

/** Keeps the newest state of each declaration as an approval task, and hands signatures their answers. */
@Injectable()
export class RecordDeclarations {
  constructor(private readonly projection: TaskProjection) {}

  async run(tx: Tx, news: readonly DeclarationNews[], answers: readonly SignatureAnswer[]): Promise<void> {
    const newest = new Map<string, TaskState>();
    for (const { state, at } of news) {
      // In order per declaration, so the last one of a batch is its newest.
      newest.set(state.declarationId, {
        state,
        stage: stageOf(state.status),
        tier: tierOf(state),
        since: at,
      });
    }
    if (newest.size > 0) await this.projection.upsert(tx, [...newest.values()]);
    if (answers.length > 0) await this.projection.answer(tx, answers);
  }
}
