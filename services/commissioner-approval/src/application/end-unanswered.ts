import { BusinessClock } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { TaskProjection, type LostSignature, type SignatureAnswer } from './projection.ports.js';

/** What cannot be read may be the answer to a signature of this declaration. */
export interface LostAnswer {
  readonly declarationId: string;
  /** Of the declaration when it was told; up to what is known here it said nothing new. Null: not known. */
  readonly revision: number | null;
}

const ANSWER_DISCARDED = {
  code: 'ANSWER_DISCARDED',
  words:
    'The answer to this signature could not be read, and an operator gave it up. Look at the declaration: its status says whether it was applied. If it still waits, sign again.',
} as const;

/** Ends signatures of which an operator gave up the answer (docs/decisions/0025). */
@Injectable()
export class EndUnanswered {
  constructor(
    private readonly projection: TaskProjection,
    private readonly clock: BusinessClock,
  ) {}

  async run(
    tx: Tx,
    answers: readonly SignatureAnswer[],
    lost: readonly LostSignature[],
    unread: readonly LostAnswer[],
  ): Promise<void> {
    if (lost.length > 0) await this.projection.endLost(tx, lost);
    const waiting = unread.length > 0 ? await this.projection.pendingOf(tx, unread) : [];
    const at = this.clock.now().toISOString();
    const ended = waiting.map((approvalId): SignatureAnswer => ({
      approvalId,
      state: 'refused',
      ...ANSWER_DISCARDED,
      approvalVersion: null,
      at,
    }));
    // What was read comes first: it knows better.
    for (const some of [answers, ended]) if (some.length > 0) await this.projection.answer(tx, some);
  }
}
