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

const RELEARN =
  'Set its fences to the end by `messaging relearn --service NAME`, then have the writer of each topic that it names tell again what stands, by `messaging republish`.';

/** A service that is new, and facts that were told before the log begins. */
export class BeginningNotRetainedError extends AttestError {
  constructor(consumer: string, topic: string, partition: number, earliest: string) {
    super(
      'LOG_BEGINNING_NOT_RETAINED',
      500,
      `${consumer} has never read ${topic}/${partition}, which begins at ${earliest}: what was told before is not in the log, and without it ${consumer} would act on a part of the facts. ${RELEARN}`,
      { consumer, topic, partition, earliest },
    );
  }
}

export class FenceNotRetainedError extends AttestError {
  constructor(topic: string, partition: number, fence: string, earliest: string) {
    super(
      'FENCE_OFFSET_NOT_RETAINED',
      500,
      `${topic}/${partition} begins at ${earliest} and this consumer has applied up to ${fence}: events in between are lost to it. ${RELEARN}`,
      { topic, partition, fence, earliest },
    );
  }
}

/** Every replica would end in turn at such a fence. */
export class RewindOutsideLogError extends AttestError {
  constructor(topic: string, partition: number, to: string, earliest: string, latest: string) {
    super(
      'REWIND_OUTSIDE_LOG',
      409,
      `${topic}/${partition} is retained from ${earliest} to ${latest}, so no fence was set to ${to}. Name an offset in between, --to earliest or --to latest, or one partition by --partition. For what is gone see relearn and republish.`,
      { topic, partition, to, earliest, latest },
    );
  }
}

export class RewindWithoutFenceError extends AttestError {
  constructor(consumer: string, topic: string, partition: number | undefined) {
    const what = partition === undefined ? topic : `${topic}/${partition}`;
    super(
      'REWIND_WITHOUT_FENCE',
      404,
      `${consumer} has never read ${what}, so nothing was rewound. Name a topic that it reads and one of its partitions.`,
      { consumer, topic, partition: partition ?? null },
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

export class NothingToRepublishError extends AttestError {
  constructor(service: string, topic: string) {
    super(
      'NOTHING_TO_REPUBLISH',
      409,
      `${service} keeps nothing of ${topic} that could be told again. Name a topic of which it says something that stands.`,
      { service, topic },
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

/** Told in the log and with the pause. */
export class PoisonStormError extends AttestError {
  constructor(topic: string, most: number, seconds: number) {
    super(
      'POISON_STORM',
      503,
      `More than ${most} events of ${topic} could not be applied within ${seconds} s, so it is paused here and whatever depends on it is refused. Find the cause among the dead letters, remove it, replay or discard them, then resume the topic.`,
      { topic, most, seconds },
    );
  }
}

/** Events of one key are applied in their order. */
export class DeadLetterBeforeItError extends AttestError {
  constructor(deadLetterId: string) {
    super(
      'DEAD_LETTER_BEFORE_IT',
      409,
      `The dead letter ${deadLetterId} of the same key stands before it, so it was not tried. Replay or discard that first, or replay the whole key.`,
      { deadLetterId },
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

export interface PartitionCount {
  readonly topic: string;
  readonly has: number;
  readonly declared: number;
}

export class PartitionCountError extends AttestError {
  constructor(others: readonly PartitionCount[]) {
    const words = others.map(
      ({ topic, has, declared }) => `${topic} has ${has} partitions and its contract says ${declared}`,
    );
    super(
      'TOPIC_PARTITION_COUNT_DIFFERS',
      500,
      `${words.join('; ')}. With another number events would go to other partitions than before or to none, so nothing is started. ` +
        'Where the topic has too few, add partitions up to the declared number while no service that writes it runs. ' +
        'Where it has too many, deploy the release whose contract says so, or make the topic anew and restore its writer.',
      { topics: others.map(({ topic }) => topic).join(', ') },
    );
  }
}

/** A part of messaging waits for one and the same thing for so long that it will not end by itself. */
export class MessagingHangsError extends AttestError {
  constructor(what: string, limitMs: number) {
    super(
      'MESSAGING_HANGS',
      500,
      `${what} has made no progress for ${limitMs / 1000} s. The process ends and is started again; what was not committed is done again. If it comes back, look what its database and broker do.`,
      { what, limitMs },
    );
  }
}

/** Passes by itself, unless the cluster lacks brokers. */
export class TopicsNotReadyError extends AttestError {
  constructor(topics: readonly string[], seconds: number) {
    super(
      'TOPICS_NOT_READY',
      503,
      `Partitions of ${topics.join(', ')} have had no leader for ${seconds} s. It is tried again; look whether all brokers run.`,
      { topics: topics.join(',') },
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
      'This event brings a state of its declaration that is not known here, so it cannot be given up. Remove what keeps it from being applied and replay it. Or have declaration-workflow tell this declaration again (POST operations/republish-runs with its key): when that waits behind it, it can be given up.',
      facts,
    );
  }
}
