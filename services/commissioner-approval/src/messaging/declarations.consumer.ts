import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  ApprovalDiscardedV1,
  ApprovalRefusedV1,
  DECLARATION_EVENTS,
  DeclarationRestatedV1,
} from '@attest/contracts';
import { Consumes, type BatchContext, type ReceivedEvent } from '@attest/messaging';
import type { LostSignature, SignatureAnswer } from '../application/projection.ports.js';
import { RecordDeclarations, type DeclarationNews } from '../application/record-declarations.js';

export type HandledDeclaration = ReceivedEvent<
  | (typeof DECLARATION_EVENTS)[number]
  | typeof DeclarationRestatedV1
  | typeof ApprovalRefusedV1
  | typeof ApprovalDiscardedV1
>;

/** Follows every declaration: what waits for a signature, and what became of those that were given. */
@Controller()
export class DeclarationsConsumer {
  constructor(private readonly record: RecordDeclarations) {}

  @Consumes(...DECLARATION_EVENTS, DeclarationRestatedV1, ApprovalRefusedV1, ApprovalDiscardedV1)
  async handle(@Payload() events: readonly HandledDeclaration[], @Ctx() batch: BatchContext): Promise<void> {
    const news: DeclarationNews[] = [];
    const answers: SignatureAnswer[] = [];
    const lost: LostSignature[] = [];
    for (const event of events) {
      answers.push(...answersOf(event));
      if (event.type === ApprovalDiscardedV1.type) lost.push({ ...event.data, at: event.time });
      else if (event.type !== ApprovalRefusedV1.type)
        news.push({ state: event.data.declaration, at: event.data.fact.at });
    }
    await this.record.run(batch.tx, news, answers, lost);
  }
}

/** What was refused while nobody here heard it; its words are not told again. */
const REFUSED_BEFORE = {
  code: 'REFUSED_BEFORE',
  words:
    'It was refused while this service was away. Look at the declaration as it stands and sign it again.',
};

/** What it says of signatures, if anything. */
export function answersOf(event: HandledDeclaration): SignatureAnswer[] {
  if (event.type === ApprovalDiscardedV1.type) return [];
  if (event.type === DeclarationRestatedV1.type)
    return event.data.answers.map(({ approvalId, outcome, at }) => ({
      approvalId,
      state: outcome,
      ...(outcome === 'refused' ? REFUSED_BEFORE : { code: null, words: null }),
      approvalVersion: event.data.approvalVersion,
      at,
    }));
  if (event.type === ApprovalRefusedV1.type) {
    const { approvalId, code, words, approvalVersion = null } = event.data;
    return [{ approvalId, state: 'refused', code, words, approvalVersion, at: event.time }];
  }
  const { approvalId, at } = event.data.fact;
  if (approvalId === null) return [];
  return [{ approvalId, state: 'applied', code: null, words: null, approvalVersion: null, at }];
}
