import type { Payee } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { PayeeChange } from '../domain/payees/payee-change.js';
import type { Reading } from './ports.js';

/** Changes of payees, and each of their steps for the audit. */
export abstract class PayeeStore {
  /** The one that waits for its second person, if any does. */
  abstract waiting(tx: Tx, providerCode: string): Promise<PayeeChange | null>;
  abstract byId(where: Reading, changeId: string): Promise<PayeeChange | null>;
  /** New, or with a new status; the step stands in the history from then on. */
  abstract save(tx: Tx, change: PayeeChange): Promise<void>;
  /** Of each provider whose payee was ever confirmed, the newest. */
  abstract confirmed(tx: Tx): Promise<Map<string, Payee>>;
}
