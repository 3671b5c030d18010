import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * A route that became shorter is passed on by the system also where finance sent the declaration back: what stands in
 * it was signed by people since.
 */
export class LookAtCompleteRoutes1790000000130 implements MigrationInterface {
  name = 'LookAtCompleteRoutes1790000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX declaration_left_to_system;
      CREATE INDEX declaration_left_to_system ON declaration (declaration_id) WHERE ${LEFT_TO_SYSTEM};
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX declaration_left_to_system;
      CREATE INDEX declaration_left_to_system ON declaration (declaration_id) WHERE ${LEFT_TO_SYSTEM_BEFORE};
    `);
  }
}

/** As the look for what is due says it, word for word: a partial index is used only then. */
const LEFT_TO_SYSTEM = `policy IS NOT NULL AND CASE status
  WHEN 'AWAITING_PROVIDER_APPROVAL' THEN NOT system_waits AND policy ->> 'declaration' = 'not-required'
  WHEN 'AWAITING_COMMISSIONER_APPROVAL' THEN
    jsonb_array_length(commissioner_signatures) > 0 OR (NOT system_waits AND policy ->> 'approval' = 'not-required')
  WHEN 'AWAITING_FINANCE_APPROVAL' THEN NOT system_waits AND abs(pence) <= (policy ->> 'financeAbovePence')::bigint
  ELSE false END`;

const LEFT_TO_SYSTEM_BEFORE = `policy IS NOT NULL AND NOT system_waits AND CASE status
  WHEN 'AWAITING_PROVIDER_APPROVAL' THEN policy ->> 'declaration' = 'not-required'
  WHEN 'AWAITING_COMMISSIONER_APPROVAL' THEN
    policy ->> 'approval' = 'not-required' OR jsonb_array_length(commissioner_signatures) > 0
  WHEN 'AWAITING_FINANCE_APPROVAL' THEN abs(pence) <= (policy ->> 'financeAbovePence')::bigint
  ELSE false END`;
