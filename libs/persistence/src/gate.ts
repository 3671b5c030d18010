import { NoConnectionFreeError } from './persistence.errors.js';

/** Lets so many in at once. Others wait in their order, for a limited time. */
export class Gate {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  /** @throws NoConnectionFreeError */
  async enter(withinMs: number): Promise<void> {
    if (this.inside < this.most) {
      this.inside++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const admitted = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(admitted), 1);
        reject(new NoConnectionFreeError(withinMs));
      }, withinMs);
      this.waiting.push(admitted);
    });
  }

  leave(): void {
    const next = this.waiting.shift();
    // Whoever waited takes the place that is left.
    if (next) next();
    else this.inside--;
  }
}
