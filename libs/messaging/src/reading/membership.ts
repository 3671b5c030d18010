import { hasToJoinAgain } from '../kafka/index.js';

type Leave = (error: unknown) => void;

/**
 * Keeps a consumer in its group while its batches are at work: it beats by a timer, so also while the database is
 * asked for longer than a session. When the group is shared out anew it lets go of the batch at once, because the
 * others would have to wait for its return; the chunk under way ends and commits all the same, and whoever has the
 * partition next waits for it at the fence.
 */
export class Membership {
  private readonly holding = new Set<Leave>();
  private left: { readonly error: unknown } | undefined;
  private joins = 0;

  constructor(private readonly everyMs: number) {}

  /** The group shared its partitions out, and this consumer has its part. */
  joined(): void {
    this.joins++;
    this.left = undefined;
  }

  /**
   * Runs the work while it beats. Ends with the work, or before it when the group has to be joined anew.
   * @param work told how to ask whether the partition is still its own: when it is not, nothing more may be begun
   * @throws what the work throws, or what the heartbeat threw
   */
  async hold(heartbeat: () => Promise<void>, work: (isHeld: () => boolean) => Promise<void>): Promise<void> {
    if (this.left) throw this.left.error;
    const join = this.joins;
    let leave: Leave = () => undefined;
    const leaving = new Promise<never>((_, reject) => (leave = reject));
    // Nobody may be waiting for it when it comes.
    leaving.catch(() => undefined);
    this.holding.add(leave);
    const isHeld = (): boolean => this.left === undefined && this.joins === join;
    const beat = (): void => {
      heartbeat().catch((error: unknown) => {
        // A beat that does not get through is followed by the next; only the group's word counts.
        if (isHeld() && hasToJoinAgain(error)) this.leave(error);
      });
    };
    const timer = setInterval(beat, this.everyMs);
    try {
      await Promise.race([work(isHeld), leaving]);
    } finally {
      clearInterval(timer);
      this.holding.delete(leave);
    }
  }

  private leave(error: unknown): void {
    this.left = { error };
    for (const leave of this.holding) leave(error);
  }
}
