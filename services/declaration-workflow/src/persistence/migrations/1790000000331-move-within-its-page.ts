import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * A declaration changes its status six times a month, and no index holds it: such a change writes the row and nothing
 * else. What indexes are about stands in columns of its own, which change once or never. A process of the version
 * before finds what it looks for by status without them, only slower.
 */
export class MoveWithinItsPage1790000000331 implements MigrationInterface {
  name = 'MoveWithinItsPage1790000000331';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE declaration
        ADD COLUMN lapsed boolean GENERATED ALWAYS AS (status = 'LAPSED') STORED,
        ADD COLUMN is_open boolean GENERATED ALWAYS AS (status IN (${OPEN})) STORED,
        ADD COLUMN is_open_adjustment boolean GENERATED ALWAYS AS (kind = 'adjustment' AND status NOT IN (${CLOSED})) STORED,
        ADD COLUMN in_late_queue boolean GENERATED ALWAYS AS (late AND status IN (${LATE_QUEUE})) STORED;
      DROP INDEX declaration_one_per_achievement, declaration_one_open_adjustment, declaration_commissioner,
        declaration_late_queue, declaration_open_service, declaration_open_organisation;
      CREATE UNIQUE INDEX declaration_one_per_achievement ON declaration (service_code, achievement_date, organisation_code)
        WHERE kind = 'achievement' AND NOT lapsed;
      CREATE UNIQUE INDEX declaration_one_open_adjustment ON declaration (service_code, achievement_date, organisation_code)
        WHERE is_open_adjustment;
      CREATE INDEX declaration_commissioner ON declaration (commissioner_code, declaration_id);
      CREATE INDEX declaration_late_queue ON declaration (declaration_id) WHERE in_late_queue;
      CREATE INDEX declaration_open_service ON declaration (service_code, declaration_id) WHERE is_open;
      CREATE INDEX declaration_open_organisation ON declaration (organisation_code, declaration_id) WHERE is_open;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX declaration_one_per_achievement, declaration_one_open_adjustment, declaration_commissioner,
        declaration_late_queue, declaration_open_service, declaration_open_organisation;
      ALTER TABLE declaration DROP COLUMN lapsed, DROP COLUMN is_open, DROP COLUMN is_open_adjustment,
        DROP COLUMN in_late_queue;
      CREATE UNIQUE INDEX declaration_one_per_achievement ON declaration (service_code, achievement_date, organisation_code)
        WHERE kind = 'achievement' AND status <> 'LAPSED';
      CREATE UNIQUE INDEX declaration_one_open_adjustment ON declaration (service_code, achievement_date, organisation_code)
        WHERE kind = 'adjustment' AND status NOT IN (${CLOSED});
      CREATE INDEX declaration_commissioner ON declaration (commissioner_code, status, declaration_id);
      CREATE INDEX declaration_late_queue ON declaration (declaration_id) WHERE late AND status IN (${LATE_QUEUE});
      CREATE INDEX declaration_open_service ON declaration (service_code, declaration_id) WHERE status IN (${OPEN});
      CREATE INDEX declaration_open_organisation ON declaration (organisation_code, declaration_id) WHERE status IN (${OPEN});
    `);
  }
}

const OPEN = `'AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL', 'FINANCIALLY_APPROVED'`;
const LATE_QUEUE = `'AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL', 'FINANCIALLY_APPROVED'`;
const CLOSED = `'SENT_TO_AGENCY', 'PAID', 'SETTLED_NIL', 'LAPSED', 'SETTLED_OUTSIDE'`;
