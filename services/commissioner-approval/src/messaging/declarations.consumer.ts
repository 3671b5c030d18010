import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ApprovalRefusedV1, DECLARATION_EVENTS } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import type { SignatureAnswer } from '../application/projection.ports.js';
import { RecordDeclarations, type DeclarationNews } from '../application/record-declarations.js';

type Handled = ReceivedEvent<(typeof DECLARATION_EVENTS)[number] | typeof ApprovalRefusedV1>;

/** Follows every declaration: what waits for a signature, and what became of those that were given. */
@Controller()
export class DeclarationsConsumer {
  constructor(private readonly record: RecordDeclarations) {}

  @Consumes(...DECLARATION_EVENTS, ApprovalRefusedV1)
  async handle(@Payload() events: readonly Handled[], @Ctx() batch: BatchContext): Promise<void> {
    const news: DeclarationNews[] = [];
    const answers: SignatureAnswer[] = [];
    for (const event of events) {
      if (event.type === ApprovalRefusedV1.type) {
        const { approvalId, code, words, approvalVersion = null } = event.data;
        answers.push({ approvalId, state: 'refused', code, words, approvalVersion, at: event.time });
        continue;
      }
      const { declaration, fact } = event.data;
      news.push({ state: declaration, at: fact.at });
      if (fact.approvalId !== null) {
        const { approvalId, at } = fact;
        answers.push({ approvalId, state: 'applied', code: null, words: null, approvalVersion: null, at });
      }
    }
    await this.record.run(batch.tx, news, answers);
  }
}
