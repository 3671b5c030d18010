import type { EventOf, PeriodFrozenV1, PeriodThawedV1 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';

export interface ForgottenFreeze {
  readonly frozen: EventOf<typeof PeriodFrozenV1>;
  readonly thawed: EventOf<typeof PeriodThawedV1> | null;
}

/** What a restored database still has of what it told, and what it takes back from what it told. */
export abstract class ForgottenStore {
  /** Raises the revisions of those that are known here above all that was told, and answers which these are. */
  abstract raiseDeclarations(tx: Tx, declarationIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** The same for freezes. */
  abstract raiseFreezes(tx: Tx, freezeIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Enters a freeze as it was told, above that version. Where another stands for the same scope it enters as thawed.
   * @returns false where its service is not known here
   */
  abstract takeBack(tx: Tx, freeze: ForgottenFreeze, at: Date): Promise<boolean>;
}
