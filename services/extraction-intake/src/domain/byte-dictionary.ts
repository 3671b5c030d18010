/** Looked up once: where modules run in a context of their own, as under tests, each look at a global is slow. */
const { imul } = Math;

/**
 * Codes by their bytes, so that no row is ever decoded: a rolling hash into an open table, then a comparison.
 * A key may consist of two slices (indicator and field).
 */
export class ByteDictionary {
  private readonly mask: number;
  private readonly slots: Int32Array;
  private readonly keys: readonly Uint8Array[];

  /** A code's number is its place in `codes`. */
  constructor(codes: readonly string[]) {
    this.keys = codes.map((code) => new TextEncoder().encode(code));
    let size = 16;
    while (size < codes.length * 4) size *= 2;
    this.mask = size - 1;
    this.slots = new Int32Array(size).fill(-1);
    this.keys.forEach((key, place) => {
      let slot = hashOf(SEED, key, 0, key.length) & this.mask;
      while (this.slots[slot] !== -1) slot = (slot + 1) & this.mask;
      this.slots[slot] = place;
    });
  }

  /** −1 when it is not known. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let slot = hashOf(SEED, bytes, start, end) & this.mask;
    for (;;) {
      const place = this.slots[slot]!;
      if (place === -1) return -1;
      const key = this.keys[place]!;
      if (key.length === end - start && sameBytes(key, 0, bytes, start, end)) return place;
      slot = (slot + 1) & this.mask;
    }
  }

  /** The same for a code made by `pairKey`. */
  findPair(bytes: Uint8Array, start: number, end: number, secondStart: number, secondEnd: number): number {
    let hash = hashOf(SEED, bytes, start, end);
    hash = imul(hash ^ PAIR, PRIME);
    hash = hashOf(hash, bytes, secondStart, secondEnd);
    let slot = hash & this.mask;
    const first = end - start;
    for (;;) {
      const place = this.slots[slot]!;
      if (place === -1) return -1;
      const key = this.keys[place]!;
      if (
        key.length === first + 1 + secondEnd - secondStart &&
        key[first] === PAIR &&
        sameBytes(key, 0, bytes, start, end) &&
        sameBytes(key, first + 1, bytes, secondStart, secondEnd)
      )
        return place;
      slot = (slot + 1) & this.mask;
    }
  }
}

const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;
/** Unit separator: stands in no code and no field name. */
const PAIR = 0x1f;

export const pairKey = (first: string, second: string): string =>
  `${first}${String.fromCharCode(PAIR)}${second}`;

function hashOf(seed: number, bytes: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = imul(hash ^ bytes[i]!, PRIME);
  return hash;
}

function sameBytes(
  key: Uint8Array,
  keyStart: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): boolean {
  for (let i = start, k = keyStart; i < end; i++, k++) if (key[k] !== bytes[i]) return false;
  return true;
}
