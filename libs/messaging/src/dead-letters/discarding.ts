import type { TopicName } from '@attest/contracts';
import type { DiscardedEvent, RecordHeaders } from '../listeners.js';
import { HEADER } from '../wire/envelope.js';
import { headerText, type LogRecord, type ReadRecord } from '../wire/log-record.js';
import type { Settler, WaitingItem } from './dead-letter-store.js';

/** What whoever waits for an answer to a dead letter is told when an operator gives it up. */
export function discardedOf(
  topic: TopicName,
  { key, deadLetterId, record }: WaitingItem,
  /** Nothing when this release does not know its version. */
  read: ReadRecord | undefined,
  behind: readonly WaitingItem[],
  { who, why }: Settler,
): DiscardedEvent {
  return {
    topic,
    key,
    event: read?.kind === 'event' ? read.event : null,
    ...saidBy(record),
    behind: behind.map((later) => saidBy(later.record)),
    deadLetterId: deadLetterId!,
    who,
    why,
  };
}

function saidBy({ headers }: LogRecord): RecordHeaders {
  const version = headerText(headers, HEADER.aggregateVersion) ?? '';
  return {
    type: headerText(headers, HEADER.type) ?? null,
    aggregateVersion: /^\d{1,15}$/.test(version) ? Number(version) : null,
  };
}
