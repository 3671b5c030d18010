import type { Tx } from '@attest/persistence';

export interface Epoch {
  /** In the envelope of everything that the service says from now on. */
  readonly epoch: number;
  /** Every version that it gives from now on stands above it, and so above what others keep. */
  readonly versionFloor: number;
}

/** More changes than any one thing sees between two restores, and few enough for whole numbers of 32 bits. */
const VERSIONS_PER_EPOCH = 1_000_000;

/**
 * What a restore raises.
 * @param known the newest epoch that the restored database remembers: it may have forgotten an earlier restore, too
 * @param told what the service has told since the backup
 */
export function epochAfter(
  known: number,
  told: readonly { readonly epoch: number; readonly version: number }[],
): Epoch {
  const epoch = told.reduce((newest, one) => Math.max(newest, one.epoch), known) + 1;
  const versionFloor = told.reduce(
    (highest, one) => Math.max(highest, one.version),
    epoch * VERSIONS_PER_EPOCH,
  );
  return { epoch, versionFloor };
}

/**
 * Gives the versions of what a service tells. After its database was restored, others hold versions that it has
 * forgotten. They keep the higher one, so the next version of anything stands above all that was ever told: also the
 * first version of something that was created and forgotten, and is created anew.
 */
export class Versions {
  /** @param floor 0 until the service's database is restored for the first time */
  constructor(private readonly floor: bigint) {}

  /** The version that follows `known`. What is new follows 0. */
  after(known: number): number;
  after(known: bigint): bigint;
  after(known: number | bigint): number | bigint {
    if (typeof known === 'number') return Math.max(known, Number(this.floor)) + 1;
    return (known > this.floor ? known : this.floor) + 1n;
  }
}

const read = new WeakMap<Tx, Promise<Versions>>();

/** Read once in a transaction. Not kept longer: the process may outlive its database. */
export function versionsOf(tx: Tx): Promise<Versions> {
  let versions = read.get(tx);
  if (!versions) {
    versions = tx
      .query<{ floor: bigint }>({ name: 'version-floor', text: 'SELECT version_floor() AS floor' })
      .then(({ rows }) => new Versions(rows[0]!.floor));
    read.set(tx, versions);
  }
  return versions;
}

/** The same in a statement: the version that follows the one in this column. A new row follows 0. */
export const versionAfter = (column: string): string => `greatest(${column}, (SELECT version_floor())) + 1`;
