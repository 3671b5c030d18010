import { ApprovalDiscardedV1, ApprovalRefusedV1, DECLARATION_EVENTS, isUuid } from '@attest/contracts';
import { DiscardListener, type DiscardedEvent, type DiscardListening } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { LostSignature, SignatureAnswer } from '../application/projection.ports.js';
import { EndUnanswered, type LostAnswer } from '../application/end-unanswered.js';
import { answerOf, type HandledDeclaration } from './declarations.consumer.js';

const STATES: readonly string[] = DECLARATION_EVENTS.map(({ type }) => type);
const ANSWERS: readonly string[] = [ApprovalRefusedV1.type, ApprovalDiscardedV1.type];

/** Events of declarations that an operator gave up here: one of them may be the answer that a signature waits for. */
@Injectable()
@DiscardListener('declarations')
export class DiscardedEvents implements DiscardListening {
  constructor(private readonly end: EndUnanswered) {}

  async discarded(tx: Tx, events: readonly DiscardedEvent[]): Promise<void> {
    const answers: SignatureAnswer[] = [];
    const lost: LostSignature[] = [];
    const unread: LostAnswer[] = [];
    for (const { event, key, type, aggregateVersion } of events) {
      if (event) {
        const one = event as HandledDeclaration;
        const answer = answerOf(one);
        if (answer) answers.push(answer);
        if (one.type === ApprovalDiscardedV1.type) lost.push({ ...one.data, at: one.time });
      } else if (type !== null && isUuid(key)) {
        if (ANSWERS.includes(type)) unread.push({ declarationId: key, revision: null });
        else if (STATES.includes(type)) unread.push({ declarationId: key, revision: aggregateVersion });
      }
    }
    await this.end.run(tx, answers, lost, unread);
  }
}
