import type { BulkTypes, DeclarationFilter } from '@attest/bulk';
import type { ApprovalStage, Role } from '@attest/contracts';
import type { BulkItemState } from '../../domain/bulk/bulk.js';
import type { Signing, SigningItem } from '../sign-tasks.js';

/** What a bulk shall act on. */
export interface BulkFilter extends DeclarationFilter {
  readonly stage: ApprovalStage;
}

/** A role that signs, and an organisation at which the person holds it; it reaches all below. */
export interface SignsAt {
  readonly role: Role;
  readonly code: string;
}

/** Signing, or refusing, one stage of many declarations. */
export interface ApprovalBulk extends BulkTypes {
  readonly request: Pick<Signing, 'stage' | 'decision' | 'reason'>;
  readonly shown: 'stage' | 'decision';
  readonly item: SigningItem;
  /** Words are kept because the later answer's are declaration-workflow's. */
  readonly result: { readonly approvalId: string | null; readonly words: string | null };
  readonly state: BulkItemState;
  /** The last signature is given; each is answered soon after. */
  readonly endedAt: 'signedAt';
  readonly purpose: object;
  readonly filter: BulkFilter;
  /** Under a hold, being added up, parked, declared or signed by the same person: these would be refused. */
  readonly count: 'held' | 'awaitingAggregation' | 'yourOwn' | 'parked';
  readonly reach: readonly SignsAt[];
}
