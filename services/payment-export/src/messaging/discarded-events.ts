import { DECLARATION_EVENTS, DeclarationRestatedV1, isUuid } from '@attest/contracts';
import {
  DiscardListener,
  refuseLostStates,
  type DiscardedEvent,
  type DiscardListening,
} from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { ReferenceStore } from '../application/ports.js';

const STATES: readonly (string | null)[] = [...DECLARATION_EVENTS, DeclarationRestatedV1].map(
  ({ type }) => type,
);

/** States of declarations that an operator gives up here. Without a type a record may be one. */
@Injectable()
@DiscardListener('declarations')
export class DiscardedEvents implements DiscardListening {
  constructor(private readonly references: ReferenceStore) {}

  discarded(tx: Tx, events: readonly DiscardedEvent[]): Promise<void> {
    const states = events
      .filter(({ key, type }) => isUuid(key) && (type === null || STATES.includes(type)))
      .map(({ key, aggregateVersion, behind }) => ({
        declarationId: key,
        revision: aggregateVersion,
        followed: behind.some(({ type }) => STATES.includes(type)),
      }));
    return refuseLostStates(states, (ids) => this.references.revisions(tx, ids));
  }
}
