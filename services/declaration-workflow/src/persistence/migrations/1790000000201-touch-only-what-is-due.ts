import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * What the system has to do next is said by the rules and stored with the declaration, so that one that is partly signed
 * is not locked again and again. What is open has indexes of its own: whoever follows a changed service, policy or
 * commissioner no longer reads what was paid in years.
 */
export class TouchOnlyWhatIsDue1790000000201 implements MigrationInterface {
  name = 'TouchOnlyWhatIsDue1790000000201';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE declaration ADD COLUMN due_to_system boolean DEFAULT false;
      -- Null is what a process of the version before writes: it is looked at as if it were due. So is all that is open
      -- now, because that process may still move it and would leave a false behind.
      ALTER TABLE declaration ALTER COLUMN due_to_system DROP DEFAULT;
      UPDATE declaration SET due_to_system = NULL WHERE policy IS NOT NULL AND ${OPEN};
      DROP INDEX declaration_left_to_system;
      CREATE INDEX declaration_due_to_system ON declaration (declaration_id) WHERE due_to_system IS NOT FALSE;
      CREATE INDEX declaration_open_service ON declaration (service_code, declaration_id) WHERE ${OPEN};
      CREATE INDEX declaration_open_organisation ON declaration (organisation_code, declaration_id) WHERE ${OPEN};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX declaration_open_organisation, declaration_open_service, declaration_due_to_system;
      CREATE INDEX declaration_left_to_system ON declaration (declaration_id) WHERE ${LEFT_TO_SYSTEM};
      ALTER TABLE declaration DROP COLUMN due_to_system;
    `);
  }
}

const OPEN = `status IN ('AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL', 'FINANCIALLY_APPROVED')`;

const LEFT_TO_SYSTEM = `policy IS NOT NULL AND CASE status
  WHEN 'AWAITING_PROVIDER_APPROVAL' THEN NOT system_waits AND policy ->> 'declaration' = 'not-required'
  WHEN 'AWAITING_COMMISSIONER_APPROVAL' THEN
    jsonb_array_length(commissioner_signatures) > 0 OR (NOT system_waits AND policy ->> 'approval' = 'not-required')
  WHEN 'AWAITING_FINANCE_APPROVAL' THEN NOT system_waits AND abs(pence) <= (policy ->> 'financeAbovePence')::bigint
  ELSE false END`;
