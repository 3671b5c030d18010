import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationStateNeededError } from '../domain/approval.errors.js';
import { TaskProjection } from './projection.ports.js';

/** What a record that cannot be applied said of a declaration. */
export interface LostState {
  readonly declarationId: string;
  /** Null where it cannot be read. */
  readonly revision: number | null;
  /** A later state waited behind it, and was applied now. */
  readonly followed: boolean;
}

/** A state is told once: without it a task may stay as it was, or never be there (docs/decisions/0025). */
@Injectable()
export class RefuseLostStates {
  constructor(private readonly projection: TaskProjection) {}

  /** @throws DeclarationStateNeededError where neither this state nor a newer one is known */
  async run(tx: Tx, states: readonly LostState[]): Promise<void> {
    if (states.length === 0) return;
    const known = await this.projection.revisions(
      tx,
      states.map(({ declarationId }) => declarationId),
    );
    for (const { declarationId, revision, followed } of states) {
      const knownRevision = known.get(declarationId) ?? null;
      if (revision === null ? !followed : revision > (knownRevision ?? 0))
        throw new DeclarationStateNeededError({ declarationId, revision, knownRevision });
    }
  }
}
