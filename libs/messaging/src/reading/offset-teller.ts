import type { Consumer } from '../kafka/index.js';

const EVERY_MS = 500;

/**
 * Tells the broker how far a consumer is, for those who watch lag there. The fence in the database decides, so the
 * broker is told twice a second and not after every chunk: a chunk of a few events would cost as much again.
 */
export class OffsetTeller {
  private readonly untold = new Map<string, { topic: string; partition: number; offset: string }>();
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly consumer: Consumer,
    private readonly onTold: () => void,
  ) {}

  /** @param topic by its name at the broker */
  reached(topic: string, partition: number, offset: bigint): void {
    this.untold.set(`${topic}/${partition}`, { topic, partition, offset: String(offset) });
    this.timer ??= setTimeout(() => void this.tell(), EVERY_MS);
  }

  /** Partitions were shared out anew: their new owners tell. */
  forget(): void {
    this.untold.clear();
  }

  /** Tells what is left. */
  async stop(): Promise<void> {
    await this.tell();
    clearTimeout(this.timer);
  }

  private tell(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const offsets = [...this.untold.values()];
    this.untold.clear();
    if (offsets.length === 0) return this.telling;
    // A broker that cannot be told now hears of it with the next chunk; a lost membership shows itself in a heartbeat.
    return (this.telling = this.telling
      .then(() => this.consumer.commitOffsets(offsets))
      .then(this.onTold, () => undefined));
  }
}
