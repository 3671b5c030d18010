import { createHash, createHmac } from 'node:crypto';

/** What one link of the chain vouches for. */
export interface Link {
  readonly seq: string;
  /** The instant of chaining, ISO with milliseconds. */
  readonly at: string;
  /** The audited table. */
  readonly subject: string;
  readonly rowXid: string;
  readonly rowId: string;
  /**
   * The row as the text of a `jsonb` object of texts: PostgreSQL writes one text for the same facts, and text loses
   * nothing, whatever reads it. It has no line break, so the lines of a link cannot be shifted.
   */
  readonly content: string;
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

/** SHA256(hash of the entry before ‖ the lines of this one); `audit_chain` in the database says the same. */
export const linkHash = (previous: Buffer, { seq, at, subject, rowXid, rowId, content }: Link): Buffer =>
  createHash('sha256')
    .update(previous)
    .update([seq, at, subject, rowXid, rowId, content].join('\n'))
    .digest();

/** What an anchor's signature stands for. */
const anchorText = ({ service, date, seq, hash, at }: Anchor): string =>
  [service, date, seq, hash, at].join('\n');

/** Hex; says that whoever holds the key saw this head. */
export const anchorSignature = (anchor: Anchor, key: string): string =>
  createHmac('sha256', key).update(anchorText(anchor)).digest('hex');
