import { plainArray, textArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { Locks, type Openings } from '../../application/core/declaration.ports.js';

/** Advisory locks of this service's database, held until the transaction ends. Take them in this order, before rows. */
const OPENING = 7_302_651_101n;
/** With the number of a part of all organisations. */
const OPENING_IN_PART = 730_265_112;
const WAITING = 7_302_651_102n;

/** So many that two of a few organisations hardly ever share one, and few enough to be taken all at once. */
const PARTS = 256;

const partsOf = (organisations: string): string =>
  `(SELECT DISTINCT hashtext(organisation_code) & ${PARTS - 1} AS part FROM ${organisations} ORDER BY 1) p`;

const OF_DECLARATIONS = partsOf('declaration WHERE declaration_id = ANY($1::uuid[])');
const OF_CODES = partsOf('unnest($1::text[]) AS o(organisation_code)');

@Injectable()
export class PgLocks extends Locks {
  async forOpening(tx: Tx, of: Openings): Promise<void> {
    if (of === 'anywhere') {
      await tx.query({ name: 'lock-opening', text: 'SELECT pg_advisory_xact_lock_shared($1)' }, [OPENING]);
      return;
    }
    const taken = `SELECT pg_advisory_xact_lock_shared(${OPENING_IN_PART}, p.part) FROM`;
    // Whose a declaration is never changes, so it can be read before anything is locked.
    if ('declarations' in of)
      await tx.query({ name: 'lock-opening-beside', text: `${taken} ${OF_DECLARATIONS}` }, [
        plainArray(of.declarations),
      ]);
    else
      await tx.query({ name: 'lock-opening-of', text: `${taken} ${OF_CODES}` }, [
        textArray(of.organisations),
      ]);
  }

  async tryOpeningAnywhere(tx: Tx): Promise<boolean> {
    const { rows } = await tx.query<{ taken: boolean }>(
      { name: 'try-lock-opening', text: 'SELECT pg_try_advisory_xact_lock_shared($1) AS taken' },
      [OPENING],
    );
    return rows[0]!.taken;
  }

  async forMembershipChange(tx: Tx, organisations: readonly string[]): Promise<void> {
    await tx.query({ name: 'lock-memberships', text: 'SELECT pg_advisory_xact_lock($1)' }, [OPENING]);
    await tx.query(
      {
        name: 'lock-memberships-of',
        text: `SELECT pg_advisory_xact_lock(${OPENING_IN_PART}, p.part) FROM ${OF_CODES}`,
      },
      [textArray(organisations)],
    );
  }

  async againstAllOpening(tx: Tx): Promise<boolean> {
    const { rows } = await tx.query<{ taken: boolean }>(
      {
        name: 'lock-opening-everywhere',
        text: `SELECT pg_try_advisory_xact_lock($1)
                 AND (SELECT bool_and(pg_try_advisory_xact_lock(${OPENING_IN_PART}, part))
                      FROM generate_series(0, ${PARTS - 1}) part) AS taken`,
      },
      [OPENING],
    );
    return rows[0]!.taken;
  }

  async forArrivals(tx: Tx): Promise<void> {
    await tx.query({ name: 'lock-arrivals', text: 'SELECT pg_advisory_xact_lock_shared($1)' }, [WAITING]);
  }

  async forWaiting(tx: Tx): Promise<void> {
    await tx.query({ name: 'lock-waiting', text: 'SELECT pg_advisory_xact_lock($1)' }, [WAITING]);
  }
}
