import { AttestError } from '@attest/errors';

export class EventDoesNotFitError extends AttestError {
  constructor(type: string, fault: string) {
    super(
      'EVENT_DOES_NOT_FIT_CONTRACT',
      500,
      `An event of type ${type} was not written because ${fault}. Correct the code that makes it.`,
      { type },
    );
  }
}

export class NotTheWriterError extends AttestError {
  constructor(service: string, topic: string) {
    super(
      'NOT_THE_WRITER_OF_TOPIC',
      500,
      `${service} may not write ${topic}: each topic has one writer, declared in TOPICS.`,
      { service, topic },
    );
  }
}

/** Something in the log that this build cannot understand. Newer code is needed, so nothing is skipped. */
export class UnknownEventVersionError extends AttestError {
  constructor(type: string, topic: string, partition: number, offset: string) {
    super(
      'UNKNOWN_EVENT_VERSION',
      500,
      `${topic} carries ${type}, a version that this release does not know. Deploy the release that does; consumption goes on from there.`,
      { type, topic, partition, offset },
    );
  }
}

export class FenceNotRetainedError extends AttestError {
  constructor(topic: string, partition: number, fence: string, earliest: string) {
    super(
      'FENCE_OFFSET_NOT_RETAINED',
      500,
      `${topic}/${partition} begins at ${earliest} and this consumer has applied up to ${fence}: events in between are lost to it. Restore the topic, or rebuild from a snapshot and rewind the fence on purpose.`,
      { topic, partition, fence, earliest },
    );
  }
}

export class FenceBeyondLogError extends AttestError {
  constructor(topic: string, partition: number, fence: string, latest: string) {
    super(
      'FENCE_BEYOND_LOG',
      500,
      `${topic}/${partition} ends at ${latest} and this consumer has already applied up to ${fence}: the topic was made anew or lost records. Find out which, then rewind the fence on purpose.`,
      { topic, partition, fence, latest },
    );
  }
}

/** A record that can never be applied as it stands. */
export class UnreadableRecordError extends AttestError {
  constructor(
    code: 'EVENT_UNREADABLE' | 'EVENT_KEY_UNREADABLE' | 'EVENT_DOES_NOT_FIT_CONTRACT',
    why: string,
  ) {
    super(
      code,
      422,
      `The record cannot be read: ${why}. Have its producer write it again, or discard it with a reason.`,
    );
  }
}

export class RelayStuckError extends AttestError {
  constructor(topics: string) {
    super(
      'RELAY_CANNOT_SEND',
      503,
      `The broker did not store records for ${topics}. They stay in the outbox and are sent again; look whether these topics and partitions exist.`,
      { topics },
    );
  }
}

/** At a broker where services may not create topics. */
export class TopicsMissingError extends AttestError {
  constructor(topics: readonly string[]) {
    super(
      'TOPICS_MISSING',
      503,
      `Kafka does not show ${topics.join(', ')}, and this service may not create topics. Create them and grant the rights as deploy/kafka/README.md says, then start again.`,
      { topics: topics.join(',') },
    );
  }
}

/** Nobody tells it again: a declaration that is payable would never be asked for. */
export class DeclarationStateNeededError extends AttestError {
  constructor(facts: AttestError['facts']) {
    super(
      'DECLARATION_STATE_NEEDED',
      409,
      'This event brings a state of its declaration that is not known here, and nobody tells it again, so it cannot be given up. Remove what keeps it from being applied and replay it. When a newer state of the declaration waits behind it, it can be given up.',
      facts,
    );
  }
}
