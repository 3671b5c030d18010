import { AUDIT_IN_LOTS, AUDIT_IN_ROWS } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What was chained at once stands in one row, compressed. */
export class ChainInLots1790000000330 implements MigrationInterface {
  name = 'ChainInLots1790000000330';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(AUDIT_IN_LOTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(AUDIT_IN_ROWS);
  }
}
