import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ApprovalDiscardedV1, ApprovalRefusedV1, DECLARATION_EVENTS } from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import type { LostSignature, SignatureAnswer } from '../application/projection.ports.js';
import { RecordDeclarations, type DeclarationNews } from '../application/record-declarations.js';

export type HandledDeclaration = ReceivedEvent<
  (typeof DECLARATION_EVENTS)[number] | typeof ApprovalRefusedV1 | typeof ApprovalDiscardedV1
>;

/** Follows every declaration: what waits for a signature, and what became of those that were given. */
@Controller()
export class DeclarationsConsumer {
  constructor(private readonly record: RecordDeclarations) {}

  @Consumes(...DECLARATION_EVENTS, ApprovalRefusedV1, ApprovalDiscardedV1)
  async handle(@Payload() events: readonly HandledDeclaration[], @Ctx() batch: BatchContext): Promise<void> {
    const news: DeclarationNews[] = [];
    const answers: SignatureAnswer[] = [];
    const lost: LostSignature[] = [];
    for (const event of events) {
      const answer = answerOf(event);
      if (answer) answers.push(answer);
      if (event.type === ApprovalDiscardedV1.type) lost.push({ ...event.data, at: event.time });
      else if (event.type !== ApprovalRefusedV1.type)
        news.push({ state: event.data.declaration, at: event.data.fact.at });
    }
    await this.record.run(batch.tx, news, answers, lost);
  }
}

/** What it says of a signature, if anything. */
export function answerOf(event: HandledDeclaration): SignatureAnswer | undefined {
  if (event.type === ApprovalDiscardedV1.type) return undefined;
  if (event.type === ApprovalRefusedV1.type) {
    const { approvalId, code, words, approvalVersion = null } = event.data;
    return { approvalId, state: 'refused', code, words, approvalVersion, at: event.time };
  }
  const { approvalId, at } = event.data.fact;
  if (approvalId === null) return undefined;
  return { approvalId, state: 'applied', code: null, words: null, approvalVersion: null, at };
}
