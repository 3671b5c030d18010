import { keepAppendOnly } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Without the right to change a row its owner could still give itself that right again. */
export class KeepPayeeChanges1790000000130 implements MigrationInterface {
  name = 'KeepPayeeChanges1790000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(keepAppendOnly('payee_change_history'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TRIGGER payee_change_history_audit_append_only ON payee_change_history');
  }
}
