import { Access, RoleMissingError, type Caller } from '@attest/auth';
import { BulkTooLargeError, BulkWork, type BulkChunk, type BulkPreview, type ItemAnswer } from '@attest/bulk';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { DeclarationWorkflowSettings } from '../../config/declaration-workflow.settings.js';
import { DONE_BY, type BulkAction } from '../../domain/bulk/bulk.js';
import { BulkPreviewOtherActionError, UnknownBulkDeclarationError } from '../../domain/bulk/bulk.errors.js';
import type { RefusalCode } from '../../domain/core/refusals.js';
import { AdmitLate } from '../periods/admit-late.js';
import { DeclareAchievements } from '../signing/declare-achievements.js';
import { BulkLimits } from '../core/declaration.ports.js';
import { ReleaseHolds, type ReleaseItem } from '../holds/release-holds.js';
import { ROLES_OF } from './bulk-roles.js';
import { SeenBeforeStore, type BulkRequest, type DeclarationBulk } from './declaration-bulk.js';

interface DoneItem {
  readonly code: 'DECLARED' | 'RELEASED' | 'ADMITTED' | RefusalCode;
  readonly revision: number | null;
  readonly declarationVersion?: number | null;
  readonly late?: boolean;
}

/** Declares, releases or admits the items of a bulk. */
@Injectable()
export class ActInBulk extends BulkWork<DeclarationBulk> {
  readonly chunkSize: number;
  readonly keptDays: number;

  constructor(
    private readonly access: Access,
    private readonly declareAchievements: DeclareAchievements,
    private readonly releases: ReleaseHolds,
    private readonly late: AdmitLate,
    private readonly seenBefore: SeenBeforeStore,
    limits: BulkLimits,
    settings: DeclarationWorkflowSettings,
  ) {
    super();
    this.chunkSize = limits.chunkSize;
    this.keptDays = settings.BULKS_KEPT_DAYS;
  }

  /** @throws RoleMissingError */
  async mayAsk(personId: string, { action }: BulkRequest): Promise<void> {
    await this.access.requireAnywhere({ personId }, ROLES_OF[action]);
  }

  /** @throws RoleMissingError */
  async reach(caller: Caller, { action }: { action: BulkAction }): Promise<readonly string[]> {
    const scope = await this.access.scope(caller, ROLES_OF[action]);
    if (scope.length === 0) throw new RoleMissingError(ROLES_OF[action]);
    return scope;
  }

  /** @throws BulkPreviewOtherActionError, BulkPreviewExpiredError */
  override mayActOn(request: BulkRequest, preview: BulkPreview<DeclarationBulk>, now: Date): void {
    if (preview.action !== request.action)
      throw new BulkPreviewOtherActionError(preview.previewId, preview.action, request.action);
    super.mayActOn(request, preview, now);
  }

  async do(tx: Tx, chunk: BulkChunk<DeclarationBulk>): Promise<ItemAnswer<DeclarationBulk>[]> {
    const results = await this.results(tx, chunk);
    return results.map(({ code, revision, declarationVersion = null, late }) => ({
      state: DONE.has(code) ? DONE_BY[chunk.request.action] : 'refused',
      code: late ? 'DECLARED_LATE' : code,
      declaredRevision: revision,
      declarationVersion,
    }));
  }

  unknown(bulkId: string): UnknownBulkDeclarationError {
    return new UnknownBulkDeclarationError(bulkId);
  }

  tooLarge(): BulkTooLargeError {
    return new BulkTooLargeError();
  }

  private results(
    tx: Tx,
    { bulkId, personId, request, items }: BulkChunk<DeclarationBulk>,
  ): Promise<readonly DoneItem[]> {
    switch (request.action) {
      case 'declare':
        return this.declareAchievements.within(tx, { ...request, personId }, items);
      case 'release-holds':
        return this.releases.within(
          tx,
          // Nothing is recorded that was not confirmed.
          { personId, reason: request.reason, confirmed: true },
          items as readonly ReleaseItem[],
          (within, declarationIds) => this.seenBefore.of(within, bulkId, declarationIds),
        );
      case 'admit-late':
        return this.late.within(tx, personId, request.reason!, items);
    }
  }
}

const DONE: ReadonlySet<string> = new Set(['DECLARED', 'RELEASED', 'ADMITTED']);
