/** The batches that are being applied now, by partition, and when each last made progress. */
export class BatchesAtWork {
  private readonly batches = new Map<string, { readonly done: Promise<void>; progressAt: number }>();

  /** Runs the work after the partition's last batch, which may still be at work when the group was shared out anew. */
  async run(
    topic: string,
    partition: number,
    work: (progressed: () => void) => Promise<void>,
  ): Promise<void> {
    const key = `${topic}/${partition}`;
    for (let before = this.batches.get(key); before; before = this.batches.get(key)) await before.done;
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const batch = { done: Promise.resolve(), progressAt: Date.now() };
    const working = begun
      .then(() => work(() => (batch.progressAt = Date.now())))
      .finally(() => this.batches.delete(key));
    batch.done = working.catch(() => undefined);
    this.batches.set(key, batch);
    begin();
    await working;
  }

  /** For how long the one has stood still that has stood still longest. */
  get silentForMs(): number {
    let oldest = Date.now();
    for (const { progressAt } of this.batches.values()) oldest = Math.min(oldest, progressAt);
    return Date.now() - oldest;
  }

  /** Whether one alone is still at work: the last of those that were fetched together. */
  get isLast(): boolean {
    return this.batches.size === 1;
  }

  /** Resolves when all have ended. */
  async settled(): Promise<void> {
    await Promise.all([...this.batches.values()].map(({ done }) => done));
  }
}
