import { BusinessClock } from '@attest/calendar';
import { achievementKey } from '@attest/contracts';
import { Scheduled, type Firing } from '@attest/hosting';
import { Database, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationBatch } from '../core/declaration-batch.js';
import { PolicyStore, type ChangedPolicy } from './policy.ports.js';
import { BulkLimits, Locks } from '../core/declaration.ports.js';
import { WriteDeclarations } from '../core/write-declarations.js';

/**
 * A service that was published with another policy: its declarations follow in chunks, so that no hold waits behind
 * all of them. Steps that are taken from then on are taken by the new policy.
 */
@Injectable()
export class FollowPolicies {
  constructor(
    private readonly database: Database,
    private readonly policies: PolicyStore,
    private readonly locks: Locks,
    private readonly writer: WriteDeclarations,
    private readonly clock: BusinessClock,
    private readonly limits: BulkLimits,
  ) {}

  @Scheduled({ name: 'follow-policies', everyMs: 1_000 })
  async run(firing?: Firing): Promise<void> {
    for (const changed of await this.policies.changed()) {
      for (let after: string | null = null; ;) {
        const from: string | null = after;
        after = await this.database.transaction((tx) => this.chunk(tx, changed.serviceCode, from));
        if (firing?.signal.aborted) return;
        if (after === null) break;
      }
      await this.database.transaction((tx) => this.finish(tx, changed));
    }
  }

  private async finish(tx: Tx, changed: ChangedPolicy): Promise<void> {
    // Whoever is opening a declaration has read the old policy or waits here: none is missed. Tried again in a second.
    if (!(await this.locks.againstAllOpening(tx))) return;
    if ((await this.chunk(tx, changed.serviceCode, null)) === null) await this.policies.markTold(tx, changed);
  }

  /** The highest id that was looked at; null when there are no more. */
  private async chunk(tx: Tx, serviceCode: string, after: string | null): Promise<string | null> {
    const outdated = await this.policies.lockOutdated(tx, serviceCode, after, this.limits.chunkSize);
    const batch = await DeclarationBatch.of(
      tx,
      outdated.map((one) => one.declaration),
      this.clock,
    );
    // Several declarations of one achievement have one policy.
    const policies = new Map(outdated.map((one) => [achievementKey(one.declaration), one.policy]));
    for (const [key, policy] of policies) batch.apply(key, { kind: 'policy', policy }, null);
    await this.writer.run(tx, batch);
    return outdated.reduce<string | null>(
      (last, { declaration: { declarationId } }) =>
        last === null || declarationId > last ? declarationId : last,
      null,
    );
  }
}
