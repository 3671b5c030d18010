import { createHash, createHmac } from 'node:crypto';

/** Columns as PostgreSQL writes them (UTC, ISO dates): text loses nothing, whatever reads it. */
export type Content = Readonly<Record<string, string | null>>;

/** What one link of the chain vouches for. */
export interface Link {
  readonly seq: string;
  /** The instant of chaining, ISO with milliseconds. */
  readonly at: string;
  /** The audited table. */
  readonly subject: string;
  readonly rowXid: string;
  readonly rowId: string;
  readonly content: Content;
}

/** The head of a chain as it stood on one day, kept outside the database. */
export interface Anchor {
  readonly service: string;
  readonly date: string;
  readonly seq: string;
  /** Hex. */
  readonly hash: string;
  readonly at: string;
}

/** The hash before the first entry. */
export const GENESIS = Buffer.alloc(32);

/** Keys in the order of their code units, nothing between the signs. Knows text, null and what nests them. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object')
    throw new TypeError(`canonical JSON holds text and null, not ${typeof value}`);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one)}`).join(',')}}`;
}

/** SHA256(hash of the entry before ‖ canonical JSON of this one). */
export const linkHash = (previous: Buffer, link: Link): Buffer =>
  createHash('sha256').update(previous).update(canonicalJson(link)).digest();

/** Hex; says that whoever holds the key saw this head. */
export const anchorSignature = (anchor: Anchor, key: string): string =>
  createHmac('sha256', key).update(canonicalJson(anchor)).digest('hex');
