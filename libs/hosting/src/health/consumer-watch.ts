import type { Messaging } from '@attest/messaging';
import type { Consumer } from 'kafkajs';

/** Knows whether this replica has joined its consumer group and still stands in it. */
export class ConsumerWatch {
  #assigned = false;

  get assigned(): boolean {
    return this.#assigned;
  }

  /** Once the server listens, which it does when it has joined. */
  watch(server: Messaging['server']): void {
    const consumer = server.unwrap<[unknown, Consumer | null]>()[1];
    if (!consumer) return;
    this.#assigned = true;
    const { GROUP_JOIN, CRASH, STOP, DISCONNECT } = consumer.events;
    consumer.on(GROUP_JOIN, () => (this.#assigned = true));
    for (const event of [CRASH, STOP, DISCONNECT] as const)
      consumer.on(event, () => (this.#assigned = false));
  }
}
