import { isObservable, lastValueFrom } from 'rxjs';
import type { TopicName } from '@attest/contracts';
import type { BatchContext, ReceivedEvent } from '../wire/received-event.js';

/** A Nest handler, or one of messaging's own. */
export type BatchHandler = (events: readonly ReceivedEvent[], batch: BatchContext) => unknown;

/** More would hold the fence, and the locks of a handler, for longer than a heartbeat should wait. */
const CHUNK_RECORDS = 2_000;

export interface Handling {
  /** Records that may be applied together. */
  readonly most?: number | undefined;
  /** Its topic is read by a consumer of its own. */
  readonly atOnce?: boolean | undefined;
}

interface Entry {
  readonly types: ReadonlySet<string>;
  readonly handle: BatchHandler;
}

/** Who handles what. Handlers of one topic run one after the other, in the order in which they were added. */
export class HandlerTable {
  private readonly byTopic = new Map<TopicName, Entry[]>();
  private readonly most = new Map<TopicName, number>();
  private readonly atOnce = new Set<TopicName>();

  add(topic: TopicName, types: readonly string[], handle: BatchHandler, how: Handling = {}): void {
    this.most.set(topic, Math.min(how.most ?? CHUNK_RECORDS, this.mostOf(topic)));
    if (how.atOnce) this.atOnce.add(topic);
    const entries = this.byTopic.get(topic) ?? [];
    entries.push({ types: new Set(types), handle });
    this.byTopic.set(topic, entries);
  }

  /** Records of one topic that may be applied together. */
  mostOf(topic: TopicName): number {
    return this.most.get(topic) ?? CHUNK_RECORDS;
  }

  /** Whether its events must not wait behind those of other topics. */
  isAtOnce(topic: TopicName): boolean {
    return this.atOnce.has(topic);
  }

  topics(): TopicName[] {
    return [...this.byTopic.keys()];
  }

  typesOf(topic: TopicName): Set<string> {
    return new Set((this.byTopic.get(topic) ?? []).flatMap((entry) => [...entry.types]));
  }

  /** Hands the events, in their order, to each handler that takes any of them. Rejects with the handler's own error. */
  async apply(topic: TopicName, events: readonly ReceivedEvent[], batch: BatchContext): Promise<void> {
    for (const { types, handle } of this.byTopic.get(topic) ?? []) {
      const wanted = events.every((event) => types.has(event.type))
        ? events
        : events.filter((event) => types.has(event.type));
      if (wanted.length === 0) continue;
      const result = await handle(wanted, batch);
      // A throwing Nest handler does not reject: it answers with an Observable that errors.
      if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
    }
  }
}
