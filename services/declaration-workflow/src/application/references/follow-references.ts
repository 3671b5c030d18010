import { BusinessClock } from '@attest/calendar';
import { achievementKey } from '@attest/contracts';
import { Scheduled, type Firing } from '@attest/hosting';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { BulkLimits, DeclarationStore, Locks } from '../core/declaration.ports.js';
import { ReferencesToFollow, type ChangedReference, type ReferenceKind } from './reference.ports.js';
import { RecordAchievements, type Progress } from '../figures/record-achievements.js';
import { WriteDeclarations } from '../core/write-declarations.js';

const CODES_AT_ONCE = 500;

/**
 * After organisations or services became known or changed: declarations move with them, and what waited is opened. The
 * first chunk moves at once; a merger of commissioners reaches thousands, which follow so that no hold waits for all.
 */
@Injectable()
export class FollowReferences {
  constructor(
    private readonly database: Database,
    private readonly store: DeclarationStore,
    private readonly locks: Locks,
    private readonly references: ReferencesToFollow,
    private readonly achievements: RecordAchievements,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly limits: BulkLimits,
  ) {}

  async run(tx: Tx, kind: ReferenceKind, codes: readonly string[]): Promise<void> {
    await this.references.add(tx, kind, codes);
    // Before any declaration, as whoever records figures takes them: neither then waits for the other.
    await this.locks.forWaiting(tx);
    // What cannot be done now is done within a second by the job below.
    if ((await this.chunk(tx, kind, codes)) === 'not now') return;
    await this.achievements.openReady(tx);
  }

  @Scheduled({ name: 'follow-references', everyMs: 1_000 })
  async followOn(firing?: Firing): Promise<void> {
    for (const kind of ['service', 'organisation'] as const)
      for (;;) {
        const changed = await this.references.next(kind, CODES_AT_ONCE);
        if (changed.length === 0) break;
        const codes = changed.map((one) => one.code);
        if (!(await this.untilDone(firing, (tx) => this.chunk(tx, kind, codes)))) break;
        // Otherwise somebody who has read the old place may still keep something back.
        if (!(await this.untilDone(firing, (tx) => this.achievements.openReady(tx)))) break;
        if (!(await this.database.transaction((tx) => this.finish(tx, kind, changed)))) break;
      }
  }

  /** False where something has to be tried again in a second. */
  private async untilDone(
    firing: Firing | undefined,
    chunk: (tx: Tx) => Promise<Progress>,
  ): Promise<boolean> {
    for (;;) {
      const progress = await this.database.transaction(chunk);
      if (progress !== 'more') return progress === 'done';
      if (firing?.signal.aborted) return false;
    }
  }

  private async finish(tx: Tx, kind: ReferenceKind, changed: readonly ChangedReference[]): Promise<boolean> {
    // Whoever is opening a declaration has read the old address or waits here: none is missed. Tried again in a second.
    if (!(await this.locks.againstAllOpening(tx))) return false;
    const codes = changed.map((one) => one.code);
    if ((await this.chunk(tx, kind, codes)) !== 'done') return false;
    await this.references.followed(tx, kind, changed);
    return true;
  }

  /**
   * Moves a chunk of those that nobody else holds. It waits for nothing: while it waited for rows of a bulk, holding
   * what every membership change needs, all of those would wait for the bulk as well.
   */
  private async chunk(tx: Tx, kind: ReferenceKind, codes: readonly string[]): Promise<Progress> {
    // Before any declaration, as whoever records a membership change takes it.
    if (!(await this.locks.tryOpeningAnywhere(tx))) return 'not now';
    const misaddressed = await this.store.lockMisaddressed(tx, kind, codes, this.limits.chunkSize);
    const batch = await DeclarationBatch.of(
      tx,
      misaddressed.map((one) => one.declaration),
      this.clock,
    );
    // Several declarations of one achievement share its address.
    const addresses = new Map(misaddressed.map((one) => [achievementKey(one.declaration), one.address]));
    for (const [key, address] of addresses) batch.apply(key, { kind: 'readdress', address }, null);
    const moved = batch.written().steps.length;
    await this.writer.run(tx, batch);
    // A row that changed while it was being locked drops out of a chunk, so a short one need not be the last.
    if (moved > 0) return 'more';
    return (await this.store.anyMisaddressed(tx, kind, codes)) ? 'not now' : 'done';
  }
}
