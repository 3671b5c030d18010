import type { Consumer } from '../kafka/index.js';
import type { MessagingLogger } from '../ports.js';
import type { TopicNames } from '../wire/topic-names.js';

/** Keeps a consumer from fetching the topics that shall rest. That nothing of them is applied is the fence's part. */
export class TopicPauses {
  private paused: ReadonlySet<string> = new Set();

  constructor(
    private readonly consumer: Consumer,
    private readonly topics: ReadonlySet<string>,
    private readonly names: TopicNames,
    private readonly logger: MessagingLogger,
  ) {}

  /** A new assignment has forgotten what rested. */
  assigned(): void {
    const { paused } = this;
    this.paused = new Set();
    this.obey(paused);
  }

  /** A chunk met a pause before the watch did. */
  rest(topic: string): void {
    this.obey(new Set([...this.paused, topic]));
  }

  obey(paused: ReadonlySet<string>): void {
    const before = this.paused;
    this.paused = paused;
    const atBroker = (topic: string) => ({ topic: this.names.atBroker(topic) });
    const pausing = [...paused].filter((topic) => !before.has(topic) && this.topics.has(topic)).map(atBroker);
    const resuming = [...before]
      .filter((topic) => !paused.has(topic) && this.topics.has(topic))
      .map(atBroker);
    // Between a crash of the consumer and its restart kafkajs has no group to pause; the next join asks again.
    try {
      if (pausing.length > 0) this.consumer.pause(pausing);
      if (resuming.length > 0) this.consumer.resume(resuming);
    } catch (error) {
      this.logger.debug({ error }, 'pauses are obeyed with the next assignment');
    }
  }
}
