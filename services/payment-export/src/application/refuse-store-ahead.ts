import type { Tx } from '@attest/persistence';
import { FileStoreAheadError } from '../domain/payment.errors.js';
import type { FileStore, SealStore } from './ports.js';

/**
 * A database that came from a backup has forgotten what it sealed since, and would pay it again. The files remember.
 * @throws FileStoreAheadError
 */
export async function refuseStoreAhead(
  tx: Pick<Tx, 'query'>,
  seals: SealStore,
  files: FileStore,
): Promise<void> {
  const unknown = await seals.unknownOf(tx, await files.names());
  if (unknown.first !== null) throw new FileStoreAheadError(unknown.first, unknown.count);
}
