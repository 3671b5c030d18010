import type { MigrationInterface, QueryRunner } from '@attest/persistence';

export class CreateCatalogue1790000000001 implements MigrationInterface {
  name = 'CreateCatalogue1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...SERVICES, ...PARTICIPATIONS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE participation_change, participation, participations_version, quality_service_version,
                 quality_service, agency`);
  }
}

const SERVICES = [
  `CREATE TABLE agency (
     agency_code text        PRIMARY KEY,
     name        text        NOT NULL,
     adapter     text        NOT NULL CHECK (adapter IN ('attest-csv')),
     label       text        NOT NULL,
     version     bigint      NOT NULL CHECK (version > 0),
     changed_at  timestamptz NOT NULL,
     changed_by  text        NOT NULL
   )`,
  `CREATE TABLE quality_service (
     service_code  text   PRIMARY KEY,
     version       bigint NOT NULL CHECK (version > 0),
     name          text   NOT NULL,
     provider_kind text   NOT NULL CHECK (provider_kind IN ('practice', 'pcn')),
     start_on      date   NOT NULL,
     end_on        date   CHECK (end_on > start_on),
     agency_code   text   NOT NULL REFERENCES agency,
     document      jsonb  NOT NULL
   )`,
  // Every document that was ever published: a figure names the version it was made with.
  `CREATE TABLE quality_service_version (
     service_code text        NOT NULL REFERENCES quality_service DEFERRABLE INITIALLY DEFERRED,
     version      bigint      NOT NULL,
     document     jsonb       NOT NULL,
     published_at timestamptz NOT NULL,
     published_by text        NOT NULL,
     PRIMARY KEY (service_code, version)
   )`,
];

const PARTICIPATIONS = [
  // Apart from the service: it is locked last and briefly, so that thousands can answer at once.
  `CREATE TABLE participations_version (
     service_code text   PRIMARY KEY REFERENCES quality_service,
     version      bigint NOT NULL
   )`,
  `CREATE TABLE participation (
     service_code  text   NOT NULL REFERENCES quality_service,
     provider_code text   NOT NULL,
     status        text   NOT NULL CHECK (status IN ('offered', 'accepted', 'refused', 'ended')),
     from_on       date   NOT NULL,
     to_on         date   CHECK (to_on > from_on),
     respond_by    date,
     version       bigint NOT NULL CHECK (version > 0),
     PRIMARY KEY (service_code, provider_code)
   )`,
  `CREATE INDEX participation_provider ON participation (provider_code, service_code)`,
  `CREATE INDEX participation_status ON participation (status, service_code, provider_code)`,
  // Who offered, answered or ended what, when and why.
  `CREATE TABLE participation_change (
     service_code  text        NOT NULL,
     provider_code text        NOT NULL,
     version       bigint      NOT NULL,
     status        text        NOT NULL,
     from_on       date        NOT NULL,
     to_on         date,
     reason        text,
     changed_at    timestamptz NOT NULL,
     changed_by    text        NOT NULL,
     PRIMARY KEY (service_code, provider_code, version)
   )`,
];
