import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * A process of the version before changes a PCN and keeps nothing in `pcn_membership_told`. So the database sees to it
 * that each version stands there when its transaction commits: as a correction of every date since the first member.
 */
export class KeepChangesOfOlderProcesses1790000000331 implements MigrationInterface {
  name = 'KeepChangesOfOlderProcesses1790000000331';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION pcn_membership_keep_told() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        -- Also who was a member as it was told before, and is none any more.
        WITH known AS (
          SELECT practice_code, from_on FROM membership_spell WHERE pcn_code = NEW.pcn_code
          UNION ALL
          SELECT m.said->>'practiceCode', (m.said->>'from')::date
          FROM pcn_membership_told t CROSS JOIN LATERAL jsonb_array_elements(t.state->'members') m(said)
          WHERE t.pcn_code = NEW.pcn_code
        )
        INSERT INTO pcn_membership_told (pcn_code, version, kind, state)
        SELECT p.pcn_code, p.version, CASE WHEN p.version = 1 THEN 'established' ELSE 'corrected' END,
               jsonb_build_object(
                 'pcnCode', p.pcn_code, 'membershipVersion', p.version,
                 'members', (SELECT coalesce(jsonb_agg(jsonb_build_object('practiceCode', practice_code, 'from', from_on, 'to', to_on)
                                                       ORDER BY practice_code, from_on), '[]')
                             FROM membership_spell WHERE pcn_code = p.pcn_code),
                 'changedPractices', (SELECT coalesce(jsonb_agg(DISTINCT practice_code), '[]') FROM known),
                 -- The first PCNs began then.
                 'changedFrom', (SELECT coalesce(min(from_on), '2019-07-01') FROM known), 'changedTo', NULL)
        FROM pcn_membership p
        WHERE p.pcn_code = NEW.pcn_code
          AND NOT EXISTS (SELECT FROM pcn_membership_told t WHERE t.pcn_code = p.pcn_code AND t.version = p.version);
        RETURN NULL;
      END $$`);
    // Deferred: the members are written behind the version.
    await runner.query(`
      CREATE CONSTRAINT TRIGGER pcn_membership_keep_told AFTER INSERT OR UPDATE ON pcn_membership
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.version > 0) EXECUTE FUNCTION pcn_membership_keep_told()`);
    // What was changed since the migration that made the table.
    await runner.query(`
      UPDATE pcn_membership p SET version = version
      WHERE version > 0 AND NOT EXISTS (
        SELECT FROM pcn_membership_told t WHERE t.pcn_code = p.pcn_code AND t.version = p.version)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TRIGGER pcn_membership_keep_told ON pcn_membership`);
    await runner.query(`DROP FUNCTION pcn_membership_keep_told`);
  }
}
