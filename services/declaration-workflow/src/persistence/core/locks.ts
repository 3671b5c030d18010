import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { Locks } from '../../application/core/declaration.ports.js';

/** Advisory locks of this service's database, held until the transaction ends. Take them in this order, before rows. */
const OPENING = 7_302_651_101n;
const WAITING = 7_302_651_102n;

@Injectable()
export class PgLocks extends Locks {
  async forOpening(tx: Tx): Promise<void> {
    await tx.query({ name: 'lock-opening', text: 'SELECT pg_advisory_xact_lock_shared($1)' }, [OPENING]);
  }

  async forMembershipChange(tx: Tx): Promise<void> {
    await tx.query({ name: 'lock-memberships', text: 'SELECT pg_advisory_xact_lock($1)' }, [OPENING]);
  }

  async forArrivals(tx: Tx): Promise<void> {
    await tx.query({ name: 'lock-arrivals', text: 'SELECT pg_advisory_xact_lock_shared($1)' }, [WAITING]);
  }

  async forWaiting(tx: Tx): Promise<void> {
    await tx.query({ name: 'lock-waiting', text: 'SELECT pg_advisory_xact_lock($1)' }, [WAITING]);
  }
}
