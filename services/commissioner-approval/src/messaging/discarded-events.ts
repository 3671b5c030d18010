import {
  ApprovalDiscardedV1,
  ApprovalRefusedV1,
  DECLARATION_EVENTS,
  DeclarationRestatedV1,
  isUuid,
} from '@attest/contracts';
import {
  DiscardListener,
  refuseLostStates,
  type DiscardedEvent,
  type DiscardListening,
  type LostState,
} from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { TaskProjection, type LostSignature, type SignatureAnswer } from '../application/projection.ports.js';
import { EndUnanswered, type LostAnswer } from '../application/end-unanswered.js';
import { answersOf, type HandledDeclaration } from './declarations.consumer.js';

const STATES: readonly string[] = [...DECLARATION_EVENTS, DeclarationRestatedV1].map(({ type }) => type);
const ANSWERS: readonly string[] = [ApprovalRefusedV1.type, ApprovalDiscardedV1.type];

/**
 * Events of declarations that an operator gives up here: one of them may be the answer that a signature waits for, and
 * one may bring a state that nobody tells again. Without a type a record may be either.
 */
@Injectable()
@DiscardListener('declarations')
export class DiscardedEvents implements DiscardListening {
  constructor(
    private readonly end: EndUnanswered,
    private readonly tasks: TaskProjection,
  ) {}

  async discarded(tx: Tx, events: readonly DiscardedEvent[]): Promise<void> {
    const answers: SignatureAnswer[] = [];
    const lost: LostSignature[] = [];
    const unread: LostAnswer[] = [];
    const states: LostState[] = [];
    for (const { event, key, type, aggregateVersion, behind } of events) {
      if (event) {
        const one = event as HandledDeclaration;
        answers.push(...answersOf(one));
        if (one.type === ApprovalDiscardedV1.type) lost.push({ ...one.data, at: one.time });
      }
      if (!isUuid(key)) continue;
      const isAnswer = type !== null && ANSWERS.includes(type);
      if (isAnswer || (type !== null && !STATES.includes(type))) {
        if (isAnswer && !event) unread.push({ declarationId: key, revision: null });
        continue;
      }
      const followed = behind.some((one) => one.type !== null && STATES.includes(one.type));
      states.push({ declarationId: key, revision: aggregateVersion, followed });
      // What stood behind it is known by now, so its own revision does not say whether it brought anything new.
      if (!event) unread.push({ declarationId: key, revision: followed ? null : aggregateVersion });
    }
    await refuseLostStates(states, (ids) => this.tasks.revisions(tx, ids));
    await this.end.run(tx, answers, lost, unread);
  }
}
