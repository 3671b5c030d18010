import type { MigrationInterface, QueryRunner } from '@attest/persistence';

export class CreateOrganisations1790000000001 implements MigrationInterface {
  name = 'CreateOrganisations1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...FILES, ...RECORDS, ...PUBLISHED, ...ROLES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE role_assignment, person, membership_spell, pcn_membership, organisation, membership_change,
                 membership_snapshot, membership_history, commissioner_record, pcn_record, practice_record,
                 rejected_row, organisation_file`);
    await runner.query(`DROP SEQUENCE received`);
  }
}

/** What was received. Two files as at one date, or a file and a change, are ordered by when they came. */
const FILES = [
  `CREATE SEQUENCE received`,
  `CREATE TABLE organisation_file (
     file_id     uuid        PRIMARY KEY,
     received    bigint      NOT NULL UNIQUE DEFAULT nextval('received'),
     layout      text        NOT NULL CHECK (layout IN ('practices', 'pcns', 'pcn-memberships', 'practice-pcn-icb', 'people')),
     as_at       date        NOT NULL,
     file_name   text        NOT NULL,
     sha256      bytea       NOT NULL,
     bytes       bigint      NOT NULL,
     rows        integer     NOT NULL,
     accepted    integer     NOT NULL,
     rejected    integer     NOT NULL,
     skipped     integer     NOT NULL,
     changed     integer     NOT NULL,
     notes       jsonb       NOT NULL,
     received_at timestamptz NOT NULL DEFAULT now(),
     received_by text        NOT NULL
   )`,
  `CREATE INDEX organisation_file_layout ON organisation_file (layout, as_at, received)`,
  `CREATE TABLE rejected_row (
     file_id  uuid    NOT NULL REFERENCES organisation_file,
     line     integer NOT NULL,
     code     text    NOT NULL,
     reason   text    NOT NULL,
     original text    NOT NULL,
     PRIMARY KEY (file_id, line)
   )`,
];

/** What each file says, kept apart: what is published follows from all of them together. */
const RECORDS = [
  `CREATE TABLE practice_record (
     practice_code       text NOT NULL,
     source              text NOT NULL,
     as_at               date NOT NULL,
     name                text NOT NULL,
     region_code         text,
     icb_code            text,
     sub_icb_code        text,
     open_on             date,
     close_on            date,
     prescribing_setting integer,
     registered_patients integer CHECK (registered_patients >= 0),
     PRIMARY KEY (source, as_at, practice_code)
   )`,
  `CREATE TABLE pcn_record (
     pcn_code     text NOT NULL,
     source       text NOT NULL,
     as_at        date NOT NULL,
     name         text NOT NULL,
     sub_icb_code text,
     open_on      date,
     close_on     date,
     PRIMARY KEY (source, as_at, pcn_code)
   )`,
  `CREATE TABLE commissioner_record (
     icb_code    text NOT NULL,
     as_at       date NOT NULL,
     name        text NOT NULL,
     region_code text NOT NULL,
     region_name text NOT NULL,
     PRIMARY KEY (as_at, icb_code)
   )`,
  `CREATE TABLE membership_history (
     as_at         date NOT NULL,
     practice_code text NOT NULL,
     pcn_code      text NOT NULL,
     from_on       date NOT NULL,
     to_on         date
   )`,
  `CREATE INDEX membership_history_practice ON membership_history (practice_code)`,
  `CREATE TABLE membership_snapshot (
     as_at         date NOT NULL,
     practice_code text NOT NULL,
     pcn_code      text,
     PRIMARY KEY (practice_code, as_at)
   )`,
  `CREATE TABLE membership_change (
     change_id     uuid        PRIMARY KEY,
     received      bigint      NOT NULL UNIQUE DEFAULT nextval('received'),
     practice_code text        NOT NULL,
     leaves        text,
     joins         text,
     effective_on  date        NOT NULL,
     ranks_on      date        NOT NULL,
     reason        text        NOT NULL,
     recorded_by   text        NOT NULL,
     recorded_at   timestamptz NOT NULL,
     CHECK (leaves IS NOT NULL OR joins IS NOT NULL)
   )`,
  `CREATE INDEX membership_change_practice ON membership_change (practice_code)`,
];

/** What was published, with its versions. */
const PUBLISHED = [
  `CREATE TABLE organisation (
     code              text   PRIMARY KEY,
     kind              text   NOT NULL CHECK (kind IN ('practice', 'pcn', 'commissioner', 'region', 'national', 'agency')),
     name              text   NOT NULL,
     commissioner_code text,
     ancestors         text[] NOT NULL,
     open_on           date,
     close_on          date,
     payee_code        text,
     payee_name        text,
     account_reference text,
     list_sizes        jsonb  NOT NULL,
     version           bigint NOT NULL CHECK (version > 0),
     CHECK (close_on > open_on)
   )`,
  `CREATE INDEX organisation_kind ON organisation (kind, code)`,
  `CREATE TABLE pcn_membership (
     pcn_code text   PRIMARY KEY,
     version  bigint NOT NULL
   )`,
  `CREATE TABLE membership_spell (
     pcn_code      text NOT NULL REFERENCES pcn_membership,
     practice_code text NOT NULL,
     from_on       date NOT NULL,
     to_on         date CHECK (to_on > from_on),
     PRIMARY KEY (pcn_code, practice_code, from_on)
   )`,
  // A practice is in one PCN at a time: the database would not take two, whatever wrote them.
  `CREATE UNIQUE INDEX membership_spell_practice ON membership_spell (practice_code, from_on)`,
];

const ROLES = [
  `CREATE TABLE person (
     person_id text PRIMARY KEY,
     name      text NOT NULL
   )`,
  `CREATE TABLE role_assignment (
     assignment_id     uuid        NOT NULL UNIQUE,
     person_id         text        NOT NULL,
     role              text        NOT NULL,
     organisation_code text        NOT NULL,
     valid_from        date        NOT NULL,
     valid_to          date,
     version           bigint      NOT NULL CHECK (version > 0),
     recorded_at       timestamptz NOT NULL,
     recorded_by       text        NOT NULL,
     PRIMARY KEY (person_id, role, organisation_code),
     CHECK (valid_to > valid_from)
   )`,
  `CREATE INDEX role_assignment_organisation ON role_assignment (organisation_code, person_id, role)`,
];
