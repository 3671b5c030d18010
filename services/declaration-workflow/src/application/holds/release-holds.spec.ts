import type { Access } from '@attest/auth';
import { describe, expect, it } from '@jest/globals';
import type { BusinessClock } from '@attest/calendar';
import type { Database, Tx } from '@attest/persistence';
import { aDeclaration, aHold, ID, NOW } from '../../../test/a-declaration.js';
import type { DeclarationBatch } from '../core/declaration-batch.js';
import { AnswerItemsAtOnce } from '../core/answer-items-at-once.js';
import { MoveEach } from '../core/move-each.js';
import type { MoveDeclaration } from '../core/move-declaration.js';
import type { AskedDeclaration, DeclarationStore } from '../core/declaration.ports.js';
import type { ResultStore } from '../figures/figures.ports.js';
import { ReleaseHolds } from './release-holds.js';
import type { WriteDeclarations } from '../core/write-declarations.js';

const hold = aHold({ waitsFor: null });
/** Never restored. */
const tx = { query: () => Promise.resolve({ rows: [{ floor: 0n }] }) } as unknown as Tx;

/** A database that gives up the first attempt of a transaction, while somebody moves the declaration to revision 6. */
function aReleaseThatIsTriedAgain() {
  const written: DeclarationBatch[] = [];
  let revision = 5;
  const database = {
    async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
      await work(tx);
      written.length = 0;
      revision = 6;
      return work(tx);
    },
  } as unknown as Database;
  const store = {
    lockAsked: () =>
      Promise.resolve([
        { declaration: aDeclaration({ revision, holds: [hold] }), actsFor: 'XQA' } as AskedDeclaration,
      ]),
  } as unknown as DeclarationStore;
  const access = { seen: () => Promise.resolve(new Set()) } as unknown as Access;
  const writer = { run: (_: Tx, batch: DeclarationBatch) => Promise.resolve(void written.push(batch)) };
  const clock = { now: () => NOW, today: () => '2026-08-20' } as unknown as BusinessClock;
  const releases = new ReleaseHolds(
    database,
    store,
    {} as MoveDeclaration,
    {} as ResultStore,
    new MoveEach(access, store, writer as unknown as WriteDeclarations, clock),
    new AnswerItemsAtOnce(database, {} as never),
  );
  return { releases, written };
}

describe('releasing in bulk', () => {
  it('compares with the revision of its own attempt, not with that of one that was rolled back', async () => {
    const { releases, written } = aReleaseThatIsTriedAgain();
    const [result] = await releases.each({ personId: 'approver', confirmed: true, reason: null }, [
      { declarationId: ID, holdId: hold.holdId, revision: 5 },
    ]);
    expect(result).toMatchObject({ code: 'STALE_VERSION', revision: null });
    expect(written.flatMap((batch) => batch.written().steps)).toEqual([]);
  });
});
