import { Injectable } from '@nestjs/common';
import type { Tx } from '@attest/persistence';
import { Locks } from '../application/ports.js';

/** Numbers of its own among this database's advisory locks. */
const MEMBERSHIPS = 40_001;
const SERVICES = 40_002;
const PERIODS = 40_003;

/** Advisory locks are taken in the order memberships, services, so that no two wait in a ring. */
@Injectable()
export class PgLocks extends Locks {
  async forFigures(tx: Tx): Promise<void> {
    await tx.query({
      name: 'lock-for-figures',
      text: `SELECT pg_advisory_xact_lock_shared(${MEMBERSHIPS}, 0), pg_advisory_xact_lock_shared(${SERVICES}, 0)`,
    });
  }

  async forMemberships(tx: Tx): Promise<void> {
    await tx.query({
      name: 'lock-for-memberships',
      text: `SELECT pg_advisory_xact_lock(${MEMBERSHIPS}, 0), pg_advisory_xact_lock_shared(${SERVICES}, 0)`,
    });
  }

  async forServices(tx: Tx): Promise<void> {
    await tx.query({
      name: 'lock-for-services',
      text: `SELECT pg_advisory_xact_lock_shared(${MEMBERSHIPS}, 0), pg_advisory_xact_lock(${SERVICES}, 0)`,
    });
  }

  async forPeriod(tx: Tx, serviceCode: string, achievementDate: string): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(${PERIODS}, hashtext($1))`, [
      `${serviceCode}|${achievementDate}`,
    ]);
  }
}
