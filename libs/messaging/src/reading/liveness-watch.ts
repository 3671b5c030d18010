import type { Consumer } from '../kafka/index.js';

const CHECK_EVERY_MS = 5_000;
const LEAST_SILENCE_MS = 60_000;

/**
 * kafkajs can stop for good without a word. A consumer that neither fetches nor beats nor restarts has to end. While a
 * batch is at work it beats too; whether that makes progress is another watch's question (`HangWatch`).
 */
export class LivenessWatch {
  private last = Date.now();
  private readonly timer: NodeJS.Timeout;

  constructor(consumer: Consumer, sessionTimeoutMs: number, onSilent: (error: Error) => void) {
    const { FETCH_START, HEARTBEAT, GROUP_JOIN, CRASH, CONNECT, END_BATCH_PROCESS } = consumer.events;
    for (const event of [FETCH_START, HEARTBEAT, GROUP_JOIN, CRASH, CONNECT, END_BATCH_PROCESS])
      consumer.on(event as typeof consumer.events.HEARTBEAT, () => void (this.last = Date.now()));
    const limitMs = Math.max(LEAST_SILENCE_MS, sessionTimeoutMs * 3);
    this.timer = setInterval(() => {
      if (Date.now() - this.last < limitMs) return;
      this.stop();
      onSilent(new Error(`The consumer has shown no sign of life for ${limitMs / 1000} s`));
    }, CHECK_EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
