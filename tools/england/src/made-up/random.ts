// Chance that repeats itself: the same seed, the same numbers, on every machine.

/** Ascending, from share 0 to 1. */
export type Quantiles = readonly (readonly [share: number, value: number])[];

/** sfc32 by Chris Doty-Humphrey (public domain): small, quick, and passes PractRand. */
export class Chance {
  #a: number;
  #b: number;
  #c = 0x9e3779b9;
  #counter = 1;

  /** The seed is a whole number. */
  constructor(seed: number) {
    this.#a = seed >>> 0;
    this.#b = Math.floor(seed / 2 ** 32) >>> 0;
    for (let turn = 0; turn < 16; turn++) this.next();
  }

  /** 32 bits. */
  next(): number {
    const [b, c] = [this.#b, this.#c];
    const next = (this.#a + b + this.#counter) >>> 0;
    this.#counter = (this.#counter + 1) >>> 0;
    this.#a = (b ^ (b >>> 9)) >>> 0;
    this.#b = (c + (c << 3)) >>> 0;
    this.#c = (((c << 21) | (c >>> 11)) + next) >>> 0;
    return next;
  }

  /** In [0, 1). */
  part(): number {
    return this.next() / 2 ** 32;
  }

  /** A whole number in [0, below). */
  whole(below: number): number {
    return Math.floor(this.part() * below);
  }

  /** True in `share` of all cases. */
  happens(share: number): boolean {
    return this.part() < share;
  }

  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T {
    const at = this.whole(list.length);
    if (list.length === 0) throw new Error('Nothing can be chosen: the list is empty.');
    return list[at]!;
  }

  /** In place. */
  shuffle<T>(list: T[]): T[] {
    for (let at = list.length - 1; at > 0; at--) {
      const other = this.whole(at + 1);
      [list[at], list[other]] = [list[other]!, list[at]!];
    }
    return list;
  }

  /** A value between quantiles. */
  between(quantiles: Quantiles): number {
    const share = this.part();
    let [from, low] = [0, 0];
    for (const [to, high] of quantiles) {
      if (share < to) return low + ((share - from) / (to - from)) * (high - low);
      [from, low] = [to, high];
    }
    return low;
  }

  /** One of the names, each as often as its weight says. */
  weighed(weights: Readonly<Record<string, number>>): string {
    const entries = Object.entries(weights);
    let left = this.part() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    let chosen = '';
    for (const [name, weight] of entries) {
      chosen = name;
      if ((left -= weight) < 0) break;
    }
    return chosen;
  }
}
