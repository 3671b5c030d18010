import type { Database } from '@attest/persistence';
import type { BarrierNode } from '../barriers/barrier-node.js';
import type { KafkaAccess } from '../kafka/index.js';
import type { Joining } from '../joining.js';
import type { MessagingLogger, MessagingMetrics } from '../ports.js';
import type { DeadLetters } from '../replay/replay.js';
import type { TopicNames } from '../wire/topic-names.js';
import type { ChunkApplier } from './chunk-applier.js';
import type { HandlerTable } from './handler-table.js';

/** What must not wait (`@ConsumesAtOnce`) may have a process of its own, beside the one that reads the rest. */
export const CONSUMED_TOPICS = ['all', 'at-once', 'the-rest'] as const;
export type ConsumedTopics = (typeof CONSUMED_TOPICS)[number];

export interface BatchServerOptions {
  readonly service: string;
  readonly brokers: readonly string[];
  readonly access: KafkaAccess | undefined;
  readonly database: Database;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
  readonly metrics: MessagingMetrics;
  readonly sessionTimeoutMs: number;
  readonly concurrency: number;
  /** How long a reader rests at most after it applied a little. */
  readonly gatherAtMostMs: number;
  /** How often the broker is asked how far consumption is behind; 5 s unless told. */
  readonly lagEveryMs?: number | undefined;
  readonly handlers: HandlerTable;
  readonly consumes: ConsumedTopics;
  readonly applier: ChunkApplier;
  readonly barriers: BarrierNode;
  readonly deadLetters: DeadLetters;
  /** Ends before the server does: it would have it listen again. */
  readonly joining: Joining;
  readonly onFatal: (error: Error) => void;
}
