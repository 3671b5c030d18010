import { DECLARATION_EVENTS, newEvent, type DeclarationFact, type NewEvent } from '@attest/contracts';
import { stateOf } from '../../domain/core/declaration.js';
import type { CausedStep } from './written-batch.js';

const DEFINITIONS = new Map<string, (typeof DECLARATION_EVENTS)[number]>(
  DECLARATION_EVENTS.map((definition) => [definition.type, definition]),
);

/** What is told of one step: the whole declaration as it was after it, and what happened. */
export function eventOf({ step, causeEventId }: CausedStep, at: Date): NewEvent {
  const { why } = step;
  const fact: DeclarationFact = {
    actor: why.actor,
    personId: why.personId ?? null,
    forOrganisation: why.forOrganisation ?? null,
    at: at.toISOString(),
    from: step.from,
    reason: why.reason ?? null,
    code: why.code ?? null,
    approvalId: why.approvalId ?? null,
    previousPence: why.previousPence?.toString() ?? null,
  };
  const definition = DEFINITIONS.get(step.emits)!;
  return newEvent(
    definition,
    { declaration: stateOf(step.after), fact },
    causeEventId === null ? {} : { causedBy: causeEventId },
  );
}
