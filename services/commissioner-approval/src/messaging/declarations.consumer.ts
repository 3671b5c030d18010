import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  ApprovalRefusedV1,
  DECLARATION_EVENTS,
  type DeclarationEventData,
  type EventOf,
} from '@attest/contracts';
import { BatchContext, Consumes, type ReceivedEvent } from '@attest/messaging';
import type { SignatureAnswer } from '../application/projection.ports.js';
import { RecordDeclarations, type DeclarationNews } from '../application/record-declarations.js';

/** Follows every declaration: what waits for a signature, and what became of those that were given. */
@Controller()
export class DeclarationsConsumer {
  constructor(private readonly record: RecordDeclarations) {}

  @Consumes(...DECLARATION_EVENTS, ApprovalRefusedV1)
  async handle(@Payload() events: readonly ReceivedEvent[], @Ctx() batch: BatchContext): Promise<void> {
    const news: DeclarationNews[] = [];
    const answers: SignatureAnswer[] = [];
    for (const event of events) {
      if (event.type === ApprovalRefusedV1.type) {
        const refused = event.data as EventOf<typeof ApprovalRefusedV1>;
        answers.push({
          approvalId: refused.approvalId,
          state: 'refused',
          code: refused.code,
          words: refused.words,
          at: event.time,
        });
        continue;
      }
      const { declaration, fact } = event.data as DeclarationEventData;
      news.push({ state: declaration, at: fact.at });
      if (fact.approvalId !== null) {
        answers.push({ approvalId: fact.approvalId, state: 'applied', code: null, words: null, at: fact.at });
      }
    }
    await this.record.run(batch.tx, news, answers);
  }
}
