import type { EventDefinition, EventOf, TopicName } from '@attest/contracts';
import type { Tx } from '@attest/persistence';

/** One fact as a handler sees it: read, checked against its contract, not applied before. */
export type ReceivedEvent<D extends EventDefinition = EventDefinition> = D extends EventDefinition
  ? {
      readonly id: string;
      readonly type: D['type'];
      readonly topic: TopicName;
      readonly key: string;
      /** The aggregate's own version; keep the highest seen, so that an empty inbox does no harm. */
      readonly aggregateVersion: bigint;
      readonly data: EventOf<D>;
      /** When the fact was committed, as an ISO instant. */
      readonly time: string;
      readonly partition: number;
      readonly offset: bigint;
      readonly correlationId: string | undefined;
      readonly causationId: string | undefined;
      /** The service that wrote it. */
      readonly producer: string;
      /** Grows when the producer's database was restored; orders facts before the aggregate's version does. */
      readonly producerEpoch: number;
      /** The run that told it again, from the writer's tables. It is state, no news: nobody is to be told of it. */
      readonly republished?: string | undefined;
    }
  : never;

/** What comes with a chunk: everything done through `tx` commits with the fence, or not at all. */
export interface BatchContext {
  readonly tx: Tx;
  /** The consumer's name in fence, inbox and dead letters: the service. */
  readonly consumer: string;
}
