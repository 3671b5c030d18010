import { newEvent } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Republishes, type RepublishedPage, type Republishing, type RepublishSlice } from '../src/index.js';
import { Counted } from './harness.js';

/** What it stands for: 600 keys, each at its own version. */
export const STANDING = Array.from({ length: 600 }, (_, i) => ({
  key: `k${String(i).padStart(3, '0')}`,
  n: i,
}));

@Republishes(Counted)
export class TellsCounted implements Republishing {
  failWith: Error | undefined;
  failAfter: string | undefined;

  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    if (this.failWith && after?.[0] === this.failAfter) throw this.failWith;
    const rows = STANDING.filter(
      ({ key }) => (after === null || key > String(after[0])) && (keys === null || keys.includes(key)),
    ).slice(0, limit);
    const last = rows.at(-1);
    return {
      events: rows.map((row) => newEvent(Counted, row)),
      next: last && rows.length === limit ? [last.key] : null,
    };
  }
}
