import type { BulkTypes, DeclarationFilter } from '@attest/bulk';
import type { Tx } from '@attest/persistence';
import type { BulkAction, BulkItemState } from '../../domain/bulk/bulk.js';
import type { DeclareRequest } from '../signing/declare-achievements.js';

/** What a bulk shall act on. */
export interface BulkFilter extends DeclarationFilter {
  readonly status?: string | undefined;
  /** Of releasing alone: only holds of this kind. */
  readonly holdCode?: string | undefined;
}

/** What a person wants done with each item. */
export interface BulkRequest extends Omit<DeclareRequest, 'personId'> {
  readonly action: BulkAction;
  /** Why it is released or admitted; null where nobody had to say. */
  readonly reason: string | null;
}

export interface AskedItem {
  readonly declarationId: string;
  /** Where it is to be released. */
  readonly holdId: string | null;
  /** The revision that was seen. */
  readonly revision: number | null;
}

/** Declaring, releasing or admitting many. */
export interface DeclarationBulk extends BulkTypes {
  readonly request: BulkRequest;
  readonly shown: 'action';
  readonly item: AskedItem;
  /** Of the declaration since, where it was done. */
  readonly result: { readonly declaredRevision: number | null; readonly declarationVersion: number | null };
  readonly state: BulkItemState;
  readonly endedAt: 'endedAt';
  readonly purpose: { readonly action: BulkAction };
  readonly filter: BulkFilter;
  /**
   * Under a hold; without the figures that it waits for. Declaring refuses both, releasing the second, admitting
   * neither.
   */
  readonly count: 'held' | 'awaitingAggregation';
  /** Codes of organisations, for which the person may act and for all below them. */
  readonly reach: readonly string[];
}

/** By declaration, the revision from before this bulk did something to it, where nothing else has moved it since. */
export abstract class SeenBeforeStore {
  abstract of(
    tx: Tx,
    bulkId: string,
    declarationIds: readonly string[],
  ): Promise<ReadonlyMap<string, number>>;
}
