import type { Messaging } from '@attest/messaging';
import type { Consumer } from '@attest/messaging/kafka';

/** Knows whether this replica has joined its consumer groups and still stands in all of them. */
export class ConsumerWatch {
  #watched = false;
  readonly #left = new Set<Consumer>();

  get assigned(): boolean {
    return this.#watched && this.#left.size === 0;
  }

  /** Once the server listens, which it does when it has joined; may be long after the start. */
  watch(server: Messaging['server']): void {
    for (const consumer of server.consumers) {
      const { GROUP_JOIN, CRASH, STOP, DISCONNECT } = consumer.events;
      consumer.on(GROUP_JOIN, () => void this.#left.delete(consumer));
      for (const event of [CRASH, STOP, DISCONNECT] as const)
        consumer.on(event, () => void this.#left.add(consumer));
    }
    this.#watched = server.consumers.length > 0;
  }
}
