import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { ClockStore } from '../application/ports.js';

@Injectable()
export class PgClockStore extends ClockStore {
  override async lockVersion(tx: Tx): Promise<number> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('business-clock', 4))`);
    // The table is hosting's, which keeps the offset in every service.
    const { rows } = await tx.query<{ version: bigint }>(`SELECT version FROM business_clock`);
    return Number(rows[0]?.version ?? 0n);
  }
}
