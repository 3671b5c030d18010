// @ts-nocheck
// Chance that repeats itself: the same seed, the same numbers, on every machine.

/** sfc32 by Chris Doty-Humphrey (public domain): small, quick, and passes PractRand. */
export class Chance {
  /** @param {number} seed a whole number */
  constructor(seed) {
    this.state = new Uint32Array([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9, 1]);
    for (let turn = 0; turn < 16; turn++) this.next();
  }

  /** 32 bits. */
  next() {
    const s = this.state;
    const t = (s[0] + s[1] + s[3]) >>> 0;
    s[3] = s[3] + 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + t;
    return t;
  }

  /** In [0, 1). */
  part() {
    return this.next() / 2 ** 32;
  }

  /** A whole number in [0, below). */
  whole(below) {
    return Math.floor(this.part() * below);
  }

  /** True in `share` of all cases. */
  happens(share) {
    return this.part() < share;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  of(list) {
    return list[this.whole(list.length)];
  }

  /** In place. @template T @param {T[]} list @returns {T[]} */
  shuffle(list) {
    for (let at = list.length - 1; at > 0; at--) {
      const other = this.whole(at + 1);
      [list[at], list[other]] = [list[other], list[at]];
    }
    return list;
  }

  /**
   * A value between quantiles.
   * @param {readonly (readonly [share: number, value: number])[]} quantiles ascending, from share 0 to 1
   */
  between(quantiles) {
    const share = this.part();
    const at = quantiles.findIndex(([upTo]) => share < upTo);
    const [[from, low], [to, high]] = [quantiles[at - 1], quantiles[at]];
    return low + ((share - from) / (to - from)) * (high - low);
  }

  /** One of the names, each as often as its weight says. @param {Readonly<Record<string, number>>} weights */
  weighed(weights) {
    const entries = Object.entries(weights);
    let left = this.part() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    return (entries.find(([, weight]) => (left -= weight) < 0) ?? entries.at(-1))[0];
  }
}
