import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * Each version of a PCN as it was told. A reader that was away has to learn which dates each change touched, not only
 * who the members are now. Of what was told before this, one change stands for all: it touches every date since the
 * first member, so whoever missed one of them looks again at too much rather than at too little.
 */
export class KeepMembershipChanges1790000000152 implements MigrationInterface {
  name = 'KeepMembershipChanges1790000000152';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pcn_membership_told (
        pcn_code text   NOT NULL REFERENCES pcn_membership,
        version  bigint NOT NULL CHECK (version > 0),
        kind     text   NOT NULL CHECK (kind IN ('established', 'joined', 'left', 'corrected')),
        state    jsonb  NOT NULL,
        PRIMARY KEY (pcn_code, version)
      )`);
    await runner.query(`
      INSERT INTO pcn_membership_told (pcn_code, version, kind, state)
      SELECT p.pcn_code, p.version, CASE WHEN p.version = 1 THEN 'established' ELSE 'corrected' END,
             jsonb_build_object(
               'pcnCode', p.pcn_code, 'membershipVersion', p.version,
               'members', coalesce(jsonb_agg(jsonb_build_object('practiceCode', s.practice_code, 'from', s.from_on, 'to', s.to_on)
                                             ORDER BY s.practice_code, s.from_on) FILTER (WHERE s.practice_code IS NOT NULL), '[]'),
               'changedPractices', coalesce(jsonb_agg(DISTINCT s.practice_code) FILTER (WHERE s.practice_code IS NOT NULL), '[]'),
               -- The first PCNs began then.
               'changedFrom', coalesce(min(s.from_on), '2019-07-01'), 'changedTo', NULL)
      FROM pcn_membership p LEFT JOIN membership_spell s ON s.pcn_code = p.pcn_code
      WHERE p.version > 0 GROUP BY p.pcn_code, p.version`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE pcn_membership_told`);
  }
}
